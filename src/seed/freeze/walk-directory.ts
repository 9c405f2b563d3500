// Everything in a directory outside Git.

import { readdirSync, statfsSync } from "node:fs";
import { joinBytePath } from "../byte-path.js";
import { isDanglingGitPointer } from "../git/git-pointer.js";
import { type FreezeContext, makeBreather } from "./freeze-context.js";
import { type HostEntry, lookAt } from "./host-entry.js";
import { isOwnDirectory } from "./own-directories.js";
import { checkEntryCount } from "./seed-limits.js";
import type { SkippedPaths } from "./skipped-paths.js";

/** f_type of file systems that hold nobody's files: statfs(2). */
const PSEUDO_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x6265_6572, // sysfs
  0x1cd1, // devpts
  0x6462_6720, // debugfs
  0x7472_6163, // tracefs
  0x27_e0eb, // cgroup
  0x6367_7270, // cgroup2
  0x1980_0202, // mqueue
  0x7363_6673, // securityfs
  0x6265_6570, // configfs
  0x0187, // autofs
  0xcafe_4a11, // bpf
]);

/** The entries below `directory` (relative to `root`; "": the root), in no order. Follows no link. */
export async function walkDirectory(
  root: string,
  directory: string,
  skipped: SkippedPaths,
  context: FreezeContext,
): Promise<HostEntry[]> {
  const breathe = makeBreather(context, { phase: "scan", unit: "entries", total: undefined });
  const entries: HostEntry[] = [];
  const remaining = [directory];
  for (let next = remaining.pop(); next !== undefined; next = remaining.pop()) {
    for (const name of listNames(root, next, skipped)) {
      await breathe(entries.length);
      const entry = lookAt(root, next === "" ? name : `${next}/${name}`);
      if (!entry) continue;
      const reason = reasonToSkip(root, entry, context);
      if (reason !== undefined) {
        skipped.add(entry.path, reason);
        continue;
      }
      entries.push(entry);
      if (entry.type === "directory") remaining.push(entry.path);
    }
    checkEntryCount(entries.length);
  }
  return entries;
}

function listNames(root: string, directory: string, skipped: SkippedPaths): string[] {
  try {
    return readdirSync(joinBytePath(root, directory), { encoding: "latin1" });
  } catch {
    skipped.add(directory, "the directory cannot be read");
    return [];
  }
}

function reasonToSkip(root: string, entry: HostEntry, context: FreezeContext): string | undefined {
  switch (entry.type) {
    case "other":
      return "a socket, FIFO or device";
    case "directory":
      if (isOwnDirectory(root, entry.path, context.request)) return "it belongs to pyro itself";
      return isPseudoFileSystem(root, entry.path) ? "a file system of the kernel's" : undefined;
    case "file":
      return isDanglingGitPointer(root, entry.path)
        ? "it points to a repository outside the seed"
        : undefined;
    case "symlink":
      return undefined;
  }
}

function isPseudoFileSystem(root: string, directory: string): boolean {
  try {
    return PSEUDO_FILE_SYSTEMS.has(statfsSync(joinBytePath(root, directory)).type);
  } catch {
    // Not to be looked into: listing it says so.
    return false;
  }
}
