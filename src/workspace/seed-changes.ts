// A frozen seed as changes of a guest's files: what its tar does not hold, or all of it where no layer can be had.

import { open } from "node:fs/promises";
import type { FileChange, FilePiece } from "../guest/files.js";
import type { DeferredFile, Seed, SeedEntry, SeedFile } from "../seed/seed.js";

const PIECE_BYTES = 256 * 1024;
const NS_PER_SECOND = 1_000_000_000n;

/** The files that were too large for the tar. */
export function* deferredChanges(deferred: readonly DeferredFile[]): Generator<FileChange> {
  for (const file of deferred) {
    yield writeOf(file.entry, file.read());
    for (const path of file.links) yield { kind: "make_hard_link", path, existingPath: file.entry.path };
  }
}

/** Everything of the seed. */
export function* allChanges(seed: Seed, deferred: readonly DeferredFile[]): Generator<FileChange> {
  const large = new Map(deferred.map((file) => [file.entry.path, file]));
  for (const entry of seed.entries) yield changeOf(seed, entry, large);
}

function changeOf(seed: Seed, entry: SeedEntry, large: ReadonlyMap<string, DeferredFile>): FileChange {
  switch (entry.type) {
    case "directory":
      return { kind: "make_directory", path: entry.path, mode: entry.mode };
    case "symlink":
      return { kind: "make_symlink", path: entry.path, target: entry.target };
    case "hard_link":
      return { kind: "make_hard_link", path: entry.path, existingPath: entry.existingPath };
    case "file": {
      const content = large.get(entry.path)?.read() ?? readFromTar(seed, entry);
      return writeOf(entry, content);
    }
  }
}

function writeOf(entry: SeedFile, content: AsyncIterable<FilePiece>): FileChange {
  const { path, mode, sizeBytes, mtime } = entry;
  return { kind: "write_file", path, mode, sizeBytes, mtimeNs: BigInt(mtime) * NS_PER_SECOND, content };
}

async function* readFromTar(seed: Seed, { offset, sizeBytes }: SeedFile): AsyncGenerator<FilePiece> {
  if (offset === undefined) throw new RangeError("a deferred file is not in the tar");
  const tar = await open(seed.tarPath, "r");
  try {
    for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
      const bytes = Buffer.alloc(Math.min(PIECE_BYTES, sizeBytes - at));
      await tar.read(bytes, 0, bytes.length, offset + at);
      yield { offset: at, bytes };
    }
  } finally {
    await tar.close();
  }
}
