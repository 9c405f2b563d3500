// One round of the kill loops: a run, something of it killed at a random moment, and then everything as it was.

import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { findProcesses } from "../../src/platform/find-processes.js";
import { findProcess, signalProcess, type ProcessIdentity } from "../../src/platform/process-identity.js";
import { getDaemon } from "./daemon.js";
import { expectNothingLeft } from "./nothing-left.js";
import { follow, guestProcesses } from "./running-guest.js";
import type { TestPyro } from "./test-pyro.js";

export const VICTIMS = ["cli", "daemon", "sandbox", "gofer", "lock holder"] as const;
export type Victim = (typeof VICTIMS)[number];

/** A run takes about this long from its start; the moments of the kills spread over it. */
const RUN_MS = 700;

/**
 * Starts a run, kills `victim` with -9 after `share` of the run's usual time, and checks what must hold then.
 * `expectSettled` looks at what is left.
 */
export async function killRound(
  pyro: TestPyro,
  victim: Victim,
  share: number,
  expectSettled = expectNothingLeft,
): Promise<void> {
  const daemon = await getDaemon(pyro);
  const child = pyro.start(["run", "debian:12", "--timeout-seconds", "60", "--", "sleep", "0.4"]);
  const { ended } = follow(child);
  await setTimeout(share * RUN_MS);
  const target = await findVictim(pyro, victim, daemon, child.pid);
  if (target) await signalProcess(target, "SIGKILL");
  const { status, stderr } = await ended;
  // Killed itself, not hit in time, or failed in words.
  if (status !== null && status !== 0) {
    expect(stderr).toMatch(/^error: /m);
    expect(status).toBe(125);
  }
  const next = await pyro.run(["run", "debian:12", "--", "echo", "next"]);
  expect(next.stderr).not.toMatch(/^error: /m);
  expect(next.stdout.toString()).toBe("next\n");
  await expectSettled(pyro);
}

async function findVictim(
  pyro: TestPyro,
  victim: Victim,
  daemon: ProcessIdentity,
  cliPid: number | undefined,
): Promise<ProcessIdentity | undefined> {
  switch (victim) {
    case "cli":
      return cliPid === undefined ? undefined : findProcess(cliPid);
    case "daemon":
      return daemon;
    case "sandbox":
    case "gofer":
      return (await guestProcesses(pyro)).find((process) => process.kind === victim);
    case "lock holder":
      return findLockHolder(daemon.pid);
  }
}

/** The child that holds the daemon's lock for it. */
async function findLockHolder(daemonPid: number): Promise<ProcessIdentity | undefined> {
  for (const process of await findProcesses((argv) => argv[0] === "cat" && argv.length === 2)) {
    const status = await readFile(`/proc/${process.pid}/status`, "utf8").catch(() => "");
    if (status.includes(`\nPPid:\t${daemonPid}\n`)) return process;
  }
  return undefined;
}
