// What an environment itself has in /workspace: the image of a prepared machine may. It is part of the baseline, and
// a seed lies over it.

import { readFile, readlink } from "node:fs/promises";
import path from "node:path";
import type { TreeEntry } from "../environment/tree-entry.js";
import { readTree } from "../environment/read-tree.js";
import { joinBytePath, parentOf } from "../platform/byte-path.js";
import type { SeedEntry, SeedFile } from "../seed/seed.js";

/** The files below /workspace of an installed tree, in order of their paths' bytes. */
export async function readImageFiles(rootfsDir: string): Promise<SeedEntry[]> {
  const root = path.join(rootfsDir, "workspace");
  const entries: SeedEntry[] = [];
  for (const entry of await readTree(root)) {
    const described = entry.path === "" ? undefined : await describe(root, entry);
    if (described) entries.push(described);
  }
  return entries;
}

/** The whole content of one of them. The tree is an install's, which nobody changes. */
export async function readImageFile(rootfsDir: string, { path: bytePath }: SeedFile): Promise<Uint8Array> {
  return readFile(joinBytePath(path.join(rootfsDir, "workspace"), bytePath));
}

/** Those that are still there when a seed lies over them. */
export function uncoveredBy(seed: readonly SeedEntry[], imageFiles: readonly SeedEntry[]): SeedEntry[] {
  if (imageFiles.length === 0) return [];
  const seedTypes = new Map(seed.map(({ path: bytePath, type }) => [bytePath, type]));
  const isCovered = (bytePath: string): boolean => {
    for (let above = parentOf(bytePath); above !== ""; above = parentOf(above)) {
      const type = seedTypes.get(above);
      if (type !== undefined && type !== "directory") return true;
    }
    return seedTypes.has(bytePath);
  };
  return imageFiles.filter((entry) => !isCovered(entry.path));
}

async function describe(root: string, entry: TreeEntry): Promise<SeedEntry | undefined> {
  const { path: bytePath, type, mode, sizeBytes } = entry;
  const mtime = Math.floor(entry.mtimeMs / 1000);
  switch (type) {
    case "file":
      // The offset is that of its content, which is all of a file of its own.
      return { type, path: bytePath, mode: mode & 0o777, mtime, sizeBytes, offset: 0 };
    case "directory":
      return { type, path: bytePath, mode: mode & 0o777, mtime };
    case "link": {
      const target = await readlink(joinBytePath(root, bytePath), { encoding: "latin1" });
      return { type: "symlink", path: bytePath, target, mtime };
    }
    case "other":
      return undefined;
  }
}
