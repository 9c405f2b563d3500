// The names of the things in the seed store:
//
//   <digest>/upper.tar          the layer
//   <digest>/manifest           its entries
//   <digest>/seed.json          the record
//   <digest>/pack, spool        what a repository or an archive has for the deferred files, if there are any
//   fingerprints/<hash>.json    what a source was frozen as, by the hash of its path
//   .partial-<12 digits>/       a seed being made
//   .removing-<12 digits>/      one being removed

import { createHash, randomBytes } from "node:crypto";
import path from "node:path";

export const TAR_NAME = "upper.tar";
export const MANIFEST_NAME = "manifest";
export const RECORD_NAME = "seed.json";

export const PACK_NAME = "pack";
export const SPOOL_NAME = "spool";
/** Files in a seed's directory that hold contents of deferred files. */
export const STORED_NAMES = [PACK_NAME, SPOOL_NAME] as const;

const DIGEST = /^[0-9a-f]{64}$/;
const PARTIAL = /^\.partial-[0-9a-f]{12}$/;
const REMOVING = /^\.removing-[0-9a-f]{12}$/;

export function seedPath(seedsDir: string, digest: string): string {
  return path.join(seedsDir, digest);
}

export function isSeedDigest(name: string): boolean {
  return DIGEST.test(name);
}

/** A new name on every call. */
export function partialPath(seedsDir: string): string {
  return path.join(seedsDir, `.partial-${randomBytes(6).toString("hex")}`);
}

/** A new name on every call. */
export function removingPath(seedsDir: string): string {
  return path.join(seedsDir, `.removing-${randomBytes(6).toString("hex")}`);
}

/** Whether a name in the store is that of something unfinished. */
export function isUnfinished(name: string): boolean {
  return PARTIAL.test(name) || REMOVING.test(name);
}

export function fingerprintsPath(seedsDir: string): string {
  return path.join(seedsDir, "fingerprints");
}

/** Where it is kept what the source at `realPath` was frozen as. */
export function fingerprintPath(seedsDir: string, realPath: string): string {
  const name = createHash("sha256").update(realPath).digest("hex");
  return path.join(fingerprintsPath(seedsDir), `${name}.json`);
}
