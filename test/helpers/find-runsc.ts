// A runsc that this process is running, by its subcommand.

import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { findProcess, type ProcessIdentity } from "../../src/platform/process-identity.js";

/** Waits until `parentPid` runs `runsc … subcommand`; a runsc lives for milliseconds, so this looks all the time. */
export async function awaitRunsc(
  subcommand: string,
  signal: AbortSignal,
  parentPid = process.pid,
): Promise<ProcessIdentity> {
  for (;;) {
    signal.throwIfAborted();
    const children = read(`/proc/${parentPid}/task/${parentPid}/children`)
      .split(" ")
      .filter(Boolean)
      .map(Number);
    const pid = children.find((child) => read(`/proc/${child}/cmdline`).includes(`\0${subcommand}\0`));
    const found = pid === undefined ? undefined : await findProcess(pid);
    if (found) return found;
    await setImmediate();
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
