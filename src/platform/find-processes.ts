// Live processes, found by what they are called with: how orphans are recognised that nobody has a record of.

import { readdir, readFile } from "node:fs/promises";
import { findProcess, type ProcessIdentity } from "./process-identity.js";

export interface FoundProcess extends ProcessIdentity {
  readonly argv: readonly string[];
}

export async function findProcesses(matches: (argv: readonly string[]) => boolean): Promise<FoundProcess[]> {
  const found: FoundProcess[] = [];
  for (const entry of await readdir("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const argv = await readArgv(pid);
    if (!matches(argv)) continue;
    const identity = await findProcess(pid);
    if (identity) found.push({ ...identity, argv });
  }
  return found;
}

async function readArgv(pid: number): Promise<string[]> {
  const cmdline = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return cmdline.split("\0");
}
