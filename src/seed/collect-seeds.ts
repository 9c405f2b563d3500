// Removes what nobody needs from the seed store.

import { readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";
import { fingerprintsPath, isSeedDigest, isUnfinished, removingPath, seedPath } from "./seed-names.js";

/** Seeds that no workspace needs are kept for the next one, the last used first, within these limits. */
const SPARE_MAX = 4;
const SPARE_MAX_BYTES = 2 * 1024 ** 3;
const FINGERPRINTS_MAX = 100;

export interface CollectRequest {
  readonly seedsDir: string;
  /** Digests that are needed. */
  readonly keep: ReadonlySet<string>;
  /** Names of directories that are being made. */
  readonly busy: ReadonlySet<string>;
}

interface StoredSeed {
  readonly digest: string;
  readonly usedAtMs: number;
  readonly diskBytes: number;
}

/** Returns how many bytes of disk were freed. */
export async function collectSeeds({ seedsDir, keep, busy }: CollectRequest): Promise<number> {
  const names = await listNames(seedsDir);
  let freedBytes = 0;
  for (const name of names.filter((name) => isUnfinished(name) && !busy.has(name))) {
    freedBytes += await removeDirectory(path.join(seedsDir, name));
  }
  const spare = await Promise.all(
    names.filter((name) => isSeedDigest(name) && !keep.has(name)).map((digest) => examine(seedsDir, digest)),
  );
  for (const { digest } of chooseSurplus(spare)) {
    const removing = removingPath(seedsDir);
    await rename(seedPath(seedsDir, digest), removing);
    freedBytes += await removeDirectory(removing);
  }
  await trimFingerprints(seedsDir);
  return freedBytes;
}

function chooseSurplus(spare: readonly StoredSeed[]): StoredSeed[] {
  const lastUsedFirst = spare.toSorted((left, right) => right.usedAtMs - left.usedAtMs);
  let totalBytes = 0;
  return lastUsedFirst.filter(({ diskBytes }, index) => {
    totalBytes += diskBytes;
    return index >= SPARE_MAX || totalBytes > SPARE_MAX_BYTES;
  });
}

async function examine(seedsDir: string, digest: string): Promise<StoredSeed> {
  const directory = seedPath(seedsDir, digest);
  // The store sets its time whenever it hands out the seed.
  const { mtimeMs } = await stat(directory);
  return { digest, usedAtMs: mtimeMs, diskBytes: await measure(directory) };
}

async function removeDirectory(directory: string): Promise<number> {
  const diskBytes = await measure(directory);
  await rm(directory, { recursive: true, force: true });
  return diskBytes;
}

async function measure(directory: string): Promise<number> {
  let diskBytes = 0;
  for (const name of await listNames(directory, { recursive: true })) {
    const found = await stat(path.join(directory, name)).catch(() => undefined);
    diskBytes += (found?.blocks ?? 0) * 512;
  }
  return diskBytes;
}

/** Of the sources that were frozen last, the store remembers what they were frozen as. */
async function trimFingerprints(seedsDir: string): Promise<void> {
  const directory = fingerprintsPath(seedsDir);
  const files = await Promise.all(
    (await listNames(directory)).map(async (name) => {
      const file = path.join(directory, name);
      return { file, writtenAtMs: (await stat(file)).mtimeMs };
    }),
  );
  const lastWrittenFirst = files.sort((left, right) => right.writtenAtMs - left.writtenAtMs);
  for (const { file } of lastWrittenFirst.slice(FINGERPRINTS_MAX)) await rm(file, { force: true });
}

async function listNames(directory: string, options: { recursive?: boolean } = {}): Promise<string[]> {
  try {
    return await readdir(directory, options);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
