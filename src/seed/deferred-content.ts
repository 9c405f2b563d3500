// Content of the files that the tar does not hold, piece by piece, without its zeros.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { isSystemError, PyroError } from "../contract/errors.js";
import { joinBytePath, toReadablePath } from "../platform/byte-path.js";
import type { DeferredRecord } from "./deferred-record.js";
import { identify, isSameFile } from "./file-identity.js";
import { READ_FLAGS } from "./host-file.js";
import { findPieces } from "./nonzero-pieces.js";
import type { ContentPiece, DeferredFile, Seed } from "./seed.js";
import { seedPath } from "./seed-names.js";

const READ_BYTES = 1024 * 1024;

export interface DeferredPlaces {
  readonly seedsDir: string;
  /** Where the seed's source is, without links; undefined when none of it is the user's own file. */
  readonly sourceDir: string | undefined;
}

/** The seed's deferred files, in order of their paths' bytes. */
export function listDeferred(
  seed: Seed,
  records: readonly DeferredRecord[],
  places: DeferredPlaces,
): DeferredFile[] {
  const byPath = new Map(records.map((record) => [record.path, record]));
  const files: DeferredFile[] = [];
  for (const entry of seed.entries) {
    if (entry.type !== "file" || entry.offset !== undefined) continue;
    const record = byPath.get(entry.path);
    if (!record)
      throw new PyroError("layer_damaged", `the seed has lost where ${toReadablePath(entry.path)} is`);
    const read = (signal?: AbortSignal) => readPieces(seed, record, entry.sizeBytes, places, signal);
    files.push({ entry, links: record.links, read });
  }
  return files;
}

async function* readPieces(
  seed: Seed,
  { path: name, content }: DeferredRecord,
  sizeBytes: number,
  { seedsDir, sourceDir }: DeferredPlaces,
  signal: AbortSignal | undefined,
): AsyncGenerator<ContentPiece> {
  const file =
    content.kind === "stored"
      ? path.join(seedPath(seedsDir, seed.digest), content.fileName)
      : joinBytePath(sourceDir ?? "/", name);
  const handle = await openUnchanged(file, name);
  try {
    const check = async () => {
      if (content.kind === "stored") return;
      if (!isSameFile(identify(await handle.stat()), content.identity)) throw changed(name);
    };
    await check();
    const start = content.kind === "stored" ? content.offset : 0;
    for (let offset = 0; offset < sizeBytes; offset += READ_BYTES) {
      signal?.throwIfAborted();
      const bytes = await readExactly(handle, start + offset, Math.min(READ_BYTES, sizeBytes - offset));
      if (!bytes) throw changed(name);
      yield* findPieces(bytes, offset);
    }
    await check();
  } finally {
    await handle.close();
  }
}

async function openUnchanged(file: string | Buffer, name: string): Promise<FileHandle> {
  try {
    return await open(file, READ_FLAGS | constants.O_NOFOLLOW);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "ELOOP", "EACCES")) throw changed(name, error);
    throw error;
  }
}

/** Undefined: the file is shorter. */
async function readExactly(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) return undefined;
    done += bytesRead;
  }
  return bytes;
}

function changed(name: string, cause?: unknown): PyroError {
  return new PyroError("conflict", `${toReadablePath(name)} changed while the workspace was seeded with it`, {
    hint: "Try again when nothing writes to it.",
    cause,
  });
}
