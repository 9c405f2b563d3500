// The baseline by paths, without any .git, hard links resolved.

import { parentOf } from "../../platform/byte-path.js";
import type { SeedDirectory, SeedEntry, SeedFile, SeedSymlink } from "../../seed/seed.js";

/** A file may have another path than its map's key: content is read by the name that the seed has it under. */
export type BaselineEntry = SeedFile | SeedDirectory | SeedSymlink;

export interface BaselineTree {
  /** In order of the paths' bytes. */
  readonly entries: ReadonlyMap<string, BaselineEntry>;
  /** Directories with something in them. */
  readonly filled: ReadonlySet<string>;
}

/** `below`: only this path and what is below it; "" is all. */
export function readBaselineTree(seedEntries: readonly SeedEntry[], below: string): BaselineTree {
  const files = new Map<string, SeedFile>();
  const entries = new Map<string, BaselineEntry>();
  const filled = new Set<string>();
  for (const seedEntry of seedEntries) {
    const entry = seedEntry.type === "hard_link" ? files.get(seedEntry.existingPath) : seedEntry;
    if (!entry) continue;
    if (entry.type === "file") files.set(seedEntry.path, entry);
    filled.add(parentOf(seedEntry.path));
    if (isAtOrBelow(seedEntry.path, below) && !isGit(seedEntry.path)) entries.set(seedEntry.path, entry);
  }
  return { entries, filled };
}

export function isAtOrBelow(path: string, directory: string): boolean {
  return directory === "" || path === directory || path.startsWith(`${directory}/`);
}

/** The directories above it, from the inside out, without the root. */
export function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) parents.push(parent);
  return parents;
}

function isGit(path: string): boolean {
  return /(^|\/)\.git(\/|$)/.test(path);
}
