// Reading files of the user's: regular files only, never waiting for a FIFO, never writing.

import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { isSystemError } from "../contract/errors.js";

/** Without O_NONBLOCK the open of a FIFO waits for its writer. */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

export interface OpenedFile {
  readonly descriptor: number;
  readonly stats: Stats;
}

/** Opens a regular file, no link; undefined when there is none any more. Throws when it may not be read. */
export function openHostFile(file: string | Buffer): OpenedFile | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, READ_FLAGS | constants.O_NOFOLLOW);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "EISDIR")) return undefined;
    throw error;
  }
  const stats = fstatSync(descriptor);
  if (stats.isFile()) return { descriptor, stats };
  closeSync(descriptor);
  return undefined;
}

/** Reads up to `length` bytes from `position` on into `target`; fewer when the file is shorter. */
export function readFully(
  descriptor: number,
  target: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number {
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, target, offset + done, length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** A whole file, links followed; undefined when it is none, too large or not to be read. */
export function readSmallFile(file: string, maxBytes: number): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, READ_FLAGS);
  } catch {
    return undefined;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > maxBytes) return undefined;
    const bytes = Buffer.alloc(stats.size);
    return bytes.subarray(0, readFully(descriptor, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
