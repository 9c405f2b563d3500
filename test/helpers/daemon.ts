// The daemon of a test, as a process.

import { findProcess, type ProcessIdentity } from "../../src/platform/process-identity.js";
import type { TestPyro } from "./test-pyro.js";

/** Pid of the running daemon; throws when none runs. */
export async function getDaemonPid(pyro: TestPyro): Promise<number> {
  const pid = await pyro.daemonPid();
  if (pid === undefined) throw new Error("no daemon runs");
  return pid;
}

/** The running daemon; throws when none runs. */
export async function getDaemon(pyro: TestPyro): Promise<ProcessIdentity> {
  const daemon = await findProcess(await getDaemonPid(pyro));
  if (!daemon) throw new Error("the daemon is gone");
  return daemon;
}
