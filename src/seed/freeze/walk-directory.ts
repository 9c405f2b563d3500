// Everything in a directory outside Git.

import { readdirSync, statfsSync } from "node:fs";
import { joinBytePath } from "../../platform/byte-path.js";
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
      const path = next === "" ? name : `${next}/${name}`;
      const found = judge(root, path, context);
      if (typeof found === "string") {
        skipped.add(path, found);
        continue;
      }
      entries.push(found);
      if (found.type === "directory") remaining.push(path);
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

/** What is at `path`, or why it is left out. */
function judge(root: string, path: string, context: FreezeContext): HostEntry | string {
  const entry = lookAt(root, path);
  switch (entry?.type) {
    case undefined:
      return "it cannot be looked at";
    case "other":
      return "a socket, FIFO or device";
    case "directory":
      if (isOwnDirectory(root, path, context.request)) return "it belongs to pyro itself";
      return isPseudoFileSystem(root, path) ? "a file system of the kernel's" : entry;
    case "file":
      return isDanglingGitPointer(root, path) ? "it points to a repository outside the seed" : entry;
    case "symlink":
      return entry;
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
