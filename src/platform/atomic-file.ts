// Files that are there whole or not at all, also after a power cut.

import { randomBytes } from "node:crypto";
import { open, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** A stream that fails leaves the file as it was. */
export type FileContent = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Writes beside `file`, flushes, renames over it and flushes the directory. */
export async function writeFileAtomic(file: string, data: FileContent, mode = 0o600): Promise<void> {
  await writeAndRename(file, data, mode, true);
  await syncDirectory(path.dirname(file));
}

/** The same without flushing: whole or not at all for other processes, but not safe from a power cut. */
export async function replaceFile(file: string, data: FileContent, mode = 0o600): Promise<void> {
  await writeAndRename(file, data, mode, false);
}

/** Writes a new file, in a directory that gets its place later, and flushes it. */
export async function writeNewDurably(file: string, data: string | Uint8Array): Promise<void> {
  await writeFile(file, data, { mode: 0o600, flag: "wx", flush: true });
}

async function writeAndRename(file: string, data: FileContent, mode: number, flush: boolean): Promise<void> {
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${randomBytes(6).toString("hex")}`,
  );
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      // open(2) alone would take the umask off: runsc has to stay executable for nobody.
      await handle.chmod(mode);
      await writeFile(handle, data);
      if (flush) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes a finished rename or removal in `directory` durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
