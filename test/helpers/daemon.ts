// The daemon of a test, as a process.

import { expect } from "vitest";
import type { Client } from "../../src/client/client.js";
import {
  findProcess,
  signalProcess,
  waitForExit,
  type ProcessIdentity,
} from "../../src/platform/process-identity.js";
import { daemonStatus } from "./connected-client.js";
import type { TestPyro } from "./test-pyro.js";

const DEATH_TIMEOUT_MS = 10_000;

/** Pid of the running daemon; throws when none runs. */
export async function getDaemonPid(pyro: TestPyro): Promise<number> {
  const pid = await pyro.daemonPid();
  if (pid === undefined) throw new Error("no daemon runs");
  return pid;
}

/** The running daemon; throws when none runs. */
export async function getDaemon(pyro: TestPyro): Promise<ProcessIdentity> {
  return identify(await getDaemonPid(pyro));
}

/** The daemon that answers this client; throws when it is gone. */
export async function daemonOf(client: Client): Promise<ProcessIdentity> {
  return identify((await daemonStatus(client)).pid);
}

/** kill -9 of the daemon that answers this client; returns when it is gone. */
export async function killDaemon(client: Client): Promise<void> {
  await killProcess(await daemonOf(client));
}

/** The same for a daemon that was found before: the moment of the kill is the caller's. */
export async function killProcess(daemon: ProcessIdentity): Promise<void> {
  await signalProcess(daemon, "SIGKILL");
  expect(await waitForExit(daemon, DEATH_TIMEOUT_MS)).toBe(true);
}

async function identify(pid: number): Promise<ProcessIdentity> {
  const daemon = await findProcess(pid);
  if (!daemon) throw new Error("the daemon is gone");
  return daemon;
}
