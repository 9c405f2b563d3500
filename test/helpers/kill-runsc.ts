// Kills the `runsc run` of a guest that is being started.

import { readFileSync } from "node:fs";
import { setImmediate, setTimeout } from "node:timers/promises";
import { findProcess, signalProcess } from "../../src/platform/process-identity.js";

/** Waits until the daemon has started runsc and kills it `delayMs` later. False: it was not to be caught. */
export async function killStartingRunsc(
  daemonPid: number,
  delayMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    // The moment counts, so this looks as often as it can, and by the cheapest way.
    const pid = readChildren(daemonPid).find(isStartingRunsc);
    if (pid !== undefined) {
      await setTimeout(delayMs);
      const runsc = await findProcess(pid);
      return runsc !== undefined && signalProcess(runsc, "SIGKILL");
    }
    await setImmediate();
  }
  return false;
}

function readChildren(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

function isStartingRunsc(pid: number): boolean {
  return read(`/proc/${pid}/cmdline`).includes("\0run\0--detach\0");
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
