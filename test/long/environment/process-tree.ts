// The descendants of a process, to see that none of them outlives it.

import { readdir, readFile } from "node:fs/promises";
import { findProcess, type ProcessIdentity, waitForExit } from "../../../src/platform/process-identity.js";

/** All live descendants of `pid`, in any process namespace. */
export async function findDescendants(pid: number): Promise<ProcessIdentity[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, number>();
  for (const each of pids) {
    const stat = await readFile(`/proc/${each}/stat`, "utf8").catch(() => "");
    parents.set(each, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isDescendant = (each: number | undefined): boolean =>
    each !== undefined && (parents.get(each) === pid || isDescendant(parents.get(each)));
  const found = await Promise.all(pids.filter(isDescendant).map(findProcess));
  return found.filter((identity) => identity !== undefined);
}

/** KILL reaches them one after the other, each when its parent has died; on a busy host that takes a while. */
const DEATH_TIMEOUT_MS = 60_000;

/** Those that do not die. */
export async function findSurvivors(identities: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const gone = await Promise.all(identities.map((identity) => waitForExit(identity, DEATH_TIMEOUT_MS)));
  return identities.filter((_, index) => gone[index] !== true);
}
