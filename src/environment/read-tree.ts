// All entries of a directory tree, as they are on disk.

import { lstat } from "node:fs";
import { readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { joinBytePath } from "../platform/byte-path.js";
import { forEachLimited } from "./for-each-limited.js";
import { describeEntry, type TreeEntry } from "./tree-entry.js";

// The callback API costs half of what fs.promises does, which counts with 40,000 entries.
const lstatAsync = promisify(lstat);
const PARALLEL_CALLS = 32;

/** Reads the tree below `root`, the root itself first, in order of the names' bytes. Follows no link. */
export async function readTree(root: string): Promise<TreeEntry[]> {
  const entries = [await describe(root, "")];
  let directories = [""];
  while (directories.length > 0) {
    const deeper: string[] = [];
    await forEachLimited(directories, PARALLEL_CALLS, async (directory) => {
      const names = await readdir(joinBytePath(root, directory), { encoding: "latin1" });
      for (const name of names) {
        const entry = await describe(root, directory === "" ? name : `${directory}/${name}`);
        entries.push(entry);
        if (entry.type === "directory") deeper.push(entry.path);
      }
    });
    directories = deeper;
  }
  return entries.sort((left, right) => (left.path < right.path ? -1 : 1));
}

/**
 * Tells in words how the tree below `root` differs from what was recorded; undefined when it does not.
 * What was added shows in the mtime of its directory.
 */
export async function findDifference(
  root: string,
  recorded: readonly TreeEntry[],
): Promise<string | undefined> {
  let difference: string | undefined;
  await forEachLimited(recorded, PARALLEL_CALLS, async (expected) => {
    if (difference !== undefined) return;
    const found = await compareEntry(root, expected);
    difference ??= found;
  });
  return difference;
}

async function compareEntry(root: string, expected: TreeEntry): Promise<string | undefined> {
  let found: TreeEntry;
  try {
    found = await describe(root, expected.path);
  } catch {
    return `/${expected.path} is missing or cannot be read`;
  }
  if (found.type !== expected.type) return `/${expected.path} is no ${expected.type}`;
  if (found.sizeBytes !== expected.sizeBytes) return `/${expected.path} has another size`;
  if (found.mode !== expected.mode) return `/${expected.path} has another mode`;
  if (found.mtimeMs !== expected.mtimeMs) return `/${expected.path} was modified`;
  return undefined;
}

async function describe(root: string, bytePath: string): Promise<TreeEntry> {
  return describeEntry(bytePath, await lstatAsync(joinBytePath(root, bytePath)));
}
