// Gives a finished seed its place in the store.

import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";
import { syncDirectory, writeFileAtomic } from "../platform/atomic-file.js";
import type { SeedFacts, SourceFacts } from "./freeze/freeze-outcome.js";
import { type OpenedSeed, openSeed } from "./open-seed.js";
import { RECORD_NAME, removingPath, seedPath } from "./seed-names.js";
import { formatSeedRecord } from "./seed-record.js";

export interface StoredSeed extends OpenedSeed {
  /** Whether the store had the same seed already. */
  readonly reused: boolean;
}

/** `partialDir` has tar and manifest, made durable; it is moved, unless the store has a sound seed with this digest. */
export async function storeSeed(
  seedsDir: string,
  partialDir: string,
  seed: SeedFacts,
  source: SourceFacts,
): Promise<StoredSeed> {
  const sound = await openSeed(seedsDir, seed.digest).catch(() => undefined);
  if (sound) return { ...sound, reused: true };
  await writeFileAtomic(path.join(partialDir, RECORD_NAME), await formatSeedRecord(partialDir, seed, source));
  await removeDamaged(seedsDir, seed.digest);
  await rename(partialDir, seedPath(seedsDir, seed.digest));
  await syncDirectory(seedsDir);
  return { ...(await openSeed(seedsDir, seed.digest)), reused: false };
}

async function removeDamaged(seedsDir: string, digest: string): Promise<void> {
  const removing = removingPath(seedsDir);
  try {
    await rename(seedPath(seedsDir, digest), removing);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  await rm(removing, { recursive: true, force: true });
}
