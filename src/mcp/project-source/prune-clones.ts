// Keeps the cache of clones from growing without end: the least recently used ones go.

import { randomBytes } from "node:crypto";
import { readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { tryFileLock } from "../../platform/file-lock.js";

/** A server follows one branch, and somebody may work with a few servers. */
const KEPT_MAX = 8;
/** A workspace may still be made from a clone that was asked for a while ago. */
const SPARED_MS = 60 * 60_000;
/** In a repository's directory: the lock, and what is no clone yet or no more. */
export const LOCK_NAME = ".lock";
const PARTIAL_PREFIX = ".partial-";

interface KeptClone {
  readonly home: string;
  readonly directory: string;
  readonly usedMs: number;
}

/** Removes clones below `directory` that are one too many and were not used lately. */
export async function pruneClones(directory: string): Promise<void> {
  const homes = (await readdir(directory)).map((name) => path.join(directory, name));
  const clones = (await Promise.all(homes.map(listClones))).flat();
  const oldest = clones.sort((a, b) => b.usedMs - a.usedMs).slice(KEPT_MAX);
  const before = Date.now() - SPARED_MS;
  for (const clone of oldest) {
    if (clone.usedMs < before) await removeClone(clone, before);
  }
}

async function listClones(home: string): Promise<KeptClone[]> {
  const names = (await readdir(home)).filter((name) => !name.startsWith("."));
  const clones = names.map(async (name) => {
    const directory = path.join(home, name);
    const usedMs = await readUsedMs(directory);
    return usedMs === undefined ? [] : [{ home, directory, usedMs }];
  });
  return (await Promise.all(clones)).flat();
}

/** Undefined when another process has removed it meanwhile. */
async function readUsedMs(directory: string): Promise<number | undefined> {
  return (await stat(directory).catch(() => undefined))?.mtimeMs;
}

/** Renamed first: a directory with a commit's name is never half a clone. */
async function removeClone({ home, directory }: KeptClone, beforeMs: number): Promise<void> {
  await using lock = await tryFileLock(path.join(home, LOCK_NAME));
  // Somebody is at work there, and prunes when he is done.
  if (!lock) return;
  // Since the list was made others may have removed it, or a workspace have begun to be made from it.
  const usedMs = await readUsedMs(directory);
  if (usedMs === undefined || usedMs >= beforeMs) return;
  const doomed = newPartial(home);
  await rename(directory, doomed);
  await rm(doomed, { recursive: true, force: true });
}

/** A name that no clone has. */
export function newPartial(home: string): string {
  return path.join(home, `${PARTIAL_PREFIX}${randomBytes(6).toString("hex")}`);
}

/** Removes what a process left that was killed; the caller has the lock of `home`. */
export async function removePartials(home: string): Promise<void> {
  const names = (await readdir(home)).filter((name) => name.startsWith(PARTIAL_PREFIX));
  for (const name of names) await rm(path.join(home, name), { recursive: true, force: true });
}
