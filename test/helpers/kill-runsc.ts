// Kills the `runsc run` of a guest that is being started.

import { setTimeout } from "node:timers/promises";
import { signalProcess } from "../../src/platform/process-identity.js";
import { awaitRunsc } from "./find-runsc.js";

/** Waits until the daemon has started runsc and kills it `delayMs` later. False: it was not to be caught. */
export async function killStartingRunsc(
  daemonPid: number,
  delayMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const runsc = await awaitRunsc("run", signal, daemonPid).catch(() => undefined);
  if (!runsc) return false;
  await setTimeout(delayMs);
  return signalProcess(runsc, "SIGKILL");
}
