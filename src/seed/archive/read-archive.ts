// Reads a tar archive, plain or gzipped, into a tree and a spool of contents. The archive is hostile input.

import { closeSync, createReadStream, openSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { isSystemError, PyroError } from "../../contract/errors.js";
import type { FreezeContext } from "../freeze/freeze-context.js";
import type { SkippedPaths } from "../freeze/skipped-paths.js";
import { readFully } from "../host-file.js";
import { ArchiveReader } from "./archive-reader.js";
import type { ArchiveTree } from "./archive-tree.js";
import { Spool } from "./spool.js";

/** Names as bytes; archives older than the format's magic. The library's types know neither. */
const READ_OPTIONS = { highWaterMark: 64 * 1024, filenameEncoding: "latin1", allowUnknownFormat: true };
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** Throws seed_unusable when it is no sound archive, leads out of itself or is too large. */
export async function readArchive(
  file: string,
  skipped: SkippedPaths,
  context: FreezeContext,
): Promise<ArchiveTree> {
  await using spool = await Spool.create(context.request.seedDir);
  const reader = new ArchiveReader(spool, skipped, context);
  const entries = extract(READ_OPTIONS);
  const stages = isGzip(file) ? [createGunzip()] : [];
  const reading = pipeline([createReadStream(file), ...stages, entries], { signal: context.signal });
  // The loop fails with it, or has failed before it.
  reading.catch(() => undefined);
  try {
    for await (const entry of entries) await reader.add(entry.header, entry);
    await reading;
  } catch (error) {
    context.signal.throwIfAborted();
    throw toArchiveError(error, file, reader.hint);
  }
  await spool.end();
  return reader.tree;
}

function isGzip(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    const start = Buffer.alloc(GZIP_MAGIC.length);
    readFully(descriptor, start, 0, start.length, 0);
    return start.equals(GZIP_MAGIC);
  } finally {
    closeSync(descriptor);
  }
}

/** The library and zlib throw plain errors, the system its own. */
function toArchiveError(error: unknown, file: string, hint: string): unknown {
  if (error instanceof PyroError || isSystemError(error, "ENOSPC", "EDQUOT", "EIO")) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new PyroError("seed_unusable", `${file} is no sound tar archive: ${reason}`, { hint, cause: error });
}
