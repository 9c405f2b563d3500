// Archives of a test: sound ones by the host's tar, others entry by entry.

import { createWriteStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";

export interface ArchiveEntry {
  readonly name: string;
  readonly type?: "file" | "link" | "symlink" | "directory" | "character-device" | "block-device" | "fifo";
  readonly linkname?: string;
  readonly mode?: number;
  readonly content?: string | Buffer;
  readonly mtime?: Date;
  /** Records of an extended header. */
  readonly pax?: Readonly<Record<string, string>>;
}

/** Writes an archive with these entries, gzipped when its name ends so, and returns its path. */
export async function writeArchive(
  directory: string,
  entries: readonly ArchiveEntry[],
  name = "archive.tar",
): Promise<string> {
  const file = path.join(directory, name);
  const archive = pack();
  const stages = /gz$/.test(name) ? [createGzip()] : [];
  const written = pipeline([Readable.from(archive), ...stages, createWriteStream(file)]);
  for (const { content = "", ...header } of entries) archive.entry(header, content);
  archive.finalize();
  await written;
  return file;
}
