// An install in the cache: reading it, and finding out whether it is as it was recorded.

import { createHash } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import path from "node:path";
import { findOwnCommand } from "./image/image-record.js";
import { parseListing } from "./listing.js";
import { type InstallManifest, parseManifest } from "./manifest.js";
import { findDifference } from "./read-tree.js";

export const ROOTFS_NAME = "rootfs";
export const MANIFEST_NAME = "manifest.json";
export const LISTING_NAME = "listing";

export interface InstalledEnvironment {
  readonly name: string;
  /** The catalogue version that installed it. */
  readonly version: string;
  readonly digest: string;
  readonly installDir: string;
  /** The tree. Shared by all guests, never written. */
  readonly rootfsDir: string;
  readonly sizeBytes: number;
  /** What its image runs by itself; absent when that is nothing. */
  readonly ownCommand: readonly string[] | undefined;
  readonly manifest: InstallManifest;
}

/** The quick check: the manifest is whole and this user's tree is there. Undefined otherwise. */
export async function readInstall(installDir: string): Promise<InstalledEnvironment | undefined> {
  const rootfsDir = path.join(installDir, ROOTFS_NAME);
  try {
    const manifest = parseManifest(await readFile(path.join(installDir, MANIFEST_NAME), "utf8"));
    const tree = await lstat(rootfsDir);
    // Of another user's files a guest sees nobody's: its root could neither read nor change them.
    if (!manifest || !tree.isDirectory() || tree.uid !== process.geteuid?.()) return undefined;
    const { name, version, digest, sizeBytes } = manifest;
    const ownCommand = manifest.image && findOwnCommand(manifest.image);
    return { name, version, digest, installDir, rootfsDir, sizeBytes, ownCommand, manifest };
  } catch {
    return undefined;
  }
}

/** The complete check: tells in words what is not as it was recorded; undefined when all is. */
export async function findDamage(install: InstalledEnvironment): Promise<string | undefined> {
  let listing: Buffer;
  try {
    listing = await readFile(path.join(install.installDir, LISTING_NAME));
  } catch {
    return "the listing is missing or cannot be read";
  }
  const { listingDigest, entryCount } = install.manifest;
  const entries =
    digestListing(listing) === listingDigest ? parseListing(listing.toString("latin1")) : undefined;
  if (entries?.length !== entryCount) return "the listing is damaged";
  return findDifference(install.rootfsDir, entries);
}

export function digestListing(listing: string | Buffer): string {
  return createHash("sha256").update(listing).digest("hex");
}
