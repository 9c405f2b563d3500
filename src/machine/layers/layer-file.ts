// One file of a layer: made durable, known by its digest, and recognised again without reading it.

import { createHash } from "node:crypto";
import { lstat, open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

export const LayerFile = z.object({
  /** Without directories: it never leads out of the layer. */
  name: z.string().regex(/^[\w-][\w.-]*$/),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Which file this is, and when it was changed last; see readIdentity. */
  identity: z.string(),
});

export type LayerFile = z.infer<typeof LayerFile>;

/** Hashing one piece takes about a millisecond, in which the process does nothing else. */
const PIECE_BYTES = 1024 * 1024;

/** Flushes a file that nobody writes any more, and describes it. */
export async function sealFile(directory: string, name: string): Promise<LayerFile> {
  const handle = await open(path.join(directory, name), "r");
  try {
    const [sha256] = await Promise.all([hashFile(handle), handle.sync()]);
    const { size } = await handle.stat();
    return { name, sizeBytes: size, sha256, identity: await readIdentity(directory, name) };
  } finally {
    await handle.close();
  }
}

/**
 * Changes with every write to the file, also with one that sets its times back, and when another file takes its
 * place. A disk that is mounted elsewhere changes it, too: then the digest decides.
 */
export async function readIdentity(directory: string, name: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await lstat(path.join(directory, name), { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(":");
}

export async function readDigest(directory: string, name: string): Promise<string> {
  const handle = await open(path.join(directory, name), "r");
  try {
    return await hashFile(handle);
  } finally {
    await handle.close();
  }
}

// The next piece is read while this one is hashed.
async function hashFile(handle: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  const { size } = await handle.stat();
  const pieceBytes = Math.max(1, Math.min(size, PIECE_BYTES));
  let [current, next] = [Buffer.allocUnsafeSlow(pieceBytes), Buffer.allocUnsafeSlow(pieceBytes)];
  let position = 0;
  let reading = handle.read(current, 0, pieceBytes, position);
  for (;;) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) return hash.digest("hex");
    position += bytesRead;
    reading = handle.read(next, 0, pieceBytes, position);
    hash.update(current.subarray(0, bytesRead));
    [current, next] = [next, current];
  }
}
