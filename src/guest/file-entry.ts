// Entries that a guest reports, checked.

import { PATH_MAX_BYTES } from "../platform/byte-path.js";
import type { GuestEntry, GuestEntryType } from "./files.js";
import type { Entry } from "./gen/agent/v1/agent_pb.js";
import { decodePath, isGuestPath, wrongAnswer } from "./file-path.js";

/** inode(7) */
const TYPE_MASK = 0o170000;
const PERMISSIONS_MASK = 0o7777;
const TYPES = new Map<number, GuestEntryType>([
  [0o100000, "file"],
  [0o040000, "directory"],
  [0o120000, "symlink"],
]);

const LARGEST_SIZE = BigInt(Number.MAX_SAFE_INTEGER);

/** The entry, or the path of which there is nothing. */
export function parseEntry(entry: Entry): GuestEntry | string {
  const path = decodePath(entry.path);
  if (!isGuestPath(path)) throw wrongAnswer("an impossible path");
  if (entry.mode === 0) return path;
  const type = TYPES.get(entry.mode & TYPE_MASK) ?? "other";
  return {
    path,
    type,
    mode: entry.mode & PERMISSIONS_MASK,
    sizeBytes: type === "file" ? parseSize(entry.size) : 0,
    mtimeNs: entry.mtimeNs,
    ctimeNs: entry.ctimeNs,
    linkTarget: type === "symlink" ? parseTarget(entry.linkTarget) : undefined,
    linkId: entry.linkId === 0n ? undefined : entry.linkId,
  };
}

/** A sparse file can claim more than a number holds exactly; nobody ever reads that far. */
function parseSize(size: bigint): number {
  return Number(size > LARGEST_SIZE ? LARGEST_SIZE : size);
}

function parseTarget(bytes: Uint8Array): string {
  const target = decodePath(bytes);
  if (target === "" || target.length > PATH_MAX_BYTES || target.includes("\0")) {
    throw wrongAnswer("an impossible link");
  }
  return target;
}
