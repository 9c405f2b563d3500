// One thing of the user's tree, as lstat(2) tells it.

import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { joinBytePath } from "../../platform/byte-path.js";
import { type FileIdentity, identify } from "../file-identity.js";
import { type FreezeContext, toSeedMtime } from "./freeze-context.js";
import type { PlannedEntry } from "./plan.js";

export interface HostEntry {
  /** Relative to the seed's root. */
  readonly path: string;
  readonly type: "file" | "directory" | "symlink" | "other";
  /** Permissions: 0777. */
  readonly mode: number;
  readonly identity: FileIdentity;
  readonly linkCount: number;
  /** What it takes on disk; less than its size when it has holes. */
  readonly diskBytes: number;
}

/** Undefined: there is nothing, or it may not be looked at. */
export function lookAt(root: string, path: string): HostEntry | undefined {
  let stats: Stats | undefined;
  try {
    stats = lstatSync(joinBytePath(root, path), { throwIfNoEntry: false });
  } catch {
    // A parent that became something else, or may not be searched.
    return undefined;
  }
  return stats && describeHost(path, stats);
}

/** `path`: relative to the seed's root. */
export function describeHost(path: string, stats: Stats): HostEntry {
  return {
    path,
    type: stats.isFile()
      ? "file"
      : stats.isDirectory()
        ? "directory"
        : stats.isSymbolicLink()
          ? "symlink"
          : "other",
    mode: stats.mode & 0o777,
    identity: identify(stats),
    linkCount: stats.nlink,
    diskBytes: stats.blocks * 512,
  };
}

/** The entry as the seed will have it; undefined when it is nothing that a seed holds, or is gone. */
function planEntry(root: string, entry: HostEntry, context: FreezeContext): PlannedEntry | undefined {
  const { path, type, mode, identity } = entry;
  const mtime = toSeedMtime(identity.mtimeMs, context);
  switch (type) {
    case "directory":
      return { type, path, mode, mtime };
    case "symlink":
      return planSymlink(root, path, mtime);
    case "file":
      return {
        type,
        path,
        mode,
        mtime,
        sizeBytes: identity.sizeBytes,
        content: { kind: "host", file: joinBytePath(root, path), identity },
        linkId: entry.linkCount > 1 ? `${identity.dev}:${identity.ino}` : undefined,
      };
    case "other":
      return undefined;
  }
}

function planSymlink(root: string, path: string, mtime: number): PlannedEntry | undefined {
  try {
    const target = readlinkSync(joinBytePath(root, path), { encoding: "latin1" });
    return { type: "symlink", path, target, mtime };
  } catch {
    // It became something else since it was listed.
    return undefined;
  }
}

/** All of them that a seed can hold. */
export function planEntries(
  root: string,
  entries: readonly HostEntry[],
  context: FreezeContext,
): PlannedEntry[] {
  return entries.map((entry) => planEntry(root, entry, context)).filter((entry) => entry !== undefined);
}

/** Bytes that the files' contents take on a disk. */
export function sumOnDisk(entries: readonly HostEntry[]): number {
  return entries.reduce(
    (sum, { type, identity, diskBytes }) =>
      type === "file" ? sum + Math.min(identity.sizeBytes, diskBytes) : sum,
    0,
  );
}
