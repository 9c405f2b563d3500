// The names of the things in the environment cache, and what a name says. All are in one flat directory:
//
//   debian-12                        link to the current install of debian:12
//   debian-12-0123456789ab[-2]       an install: the digest's first 12 digits, and a number when that was taken
//   .partial-debian-12-0123456789ab  an install being made
//   .removing-0123456789ab           one being removed
//   .lock-debian-12                  held while debian:12 is pulled or pruned
//   blobs/                           what was downloaded of images, by digest; shared between them
//   .lock-blobs                      shared by pulls of images; whoever removes blobs has it alone
//
// An image's reference ends in eight digits of its SHA-256, because different ones would be the same otherwise.

import { createHash, randomBytes } from "node:crypto";
import path from "node:path";

export type CacheItem =
  { readonly kind: "install" | "partial"; readonly slug: string } | { readonly kind: "removing" } | undefined;

/** Leaves room for what a file name in the cache has besides the slug. */
const MAX_READABLE_LENGTH = 120;

/** An environment's name, or the reference of an image, as part of a file name. */
export function environmentSlug(environment: string): string {
  const readable = environment.toLowerCase().replace(/[^a-z0-9._]+/g, "-");
  if (!environment.includes("/")) return readable;
  const hash = createHash("sha256").update(environment).digest("hex").slice(0, 8);
  return `${readable.slice(0, MAX_READABLE_LENGTH)}.${hash}`;
}

export function blobsDir(cacheDir: string): string {
  return path.join(cacheDir, "blobs");
}

export function blobsLockPath(cacheDir: string): string {
  return path.join(cacheDir, ".lock-blobs");
}

export function pointerPath(cacheDir: string, slug: string): string {
  return path.join(cacheDir, slug);
}

export function lockPath(cacheDir: string, slug: string): string {
  return path.join(cacheDir, `.lock-${slug}`);
}

/** A name for an install with this digest (`sha256:…`); `attempt` counts from 1. */
export function installPath(cacheDir: string, slug: string, digest: string, attempt: number): string {
  const suffix = attempt === 1 ? "" : `-${attempt}`;
  return path.join(cacheDir, `${slug}-${digest.replace(/^sha256:/, "").slice(0, 12)}${suffix}`);
}

/** A new name on every call. */
export function partialPath(cacheDir: string, slug: string): string {
  return path.join(cacheDir, `.partial-${slug}-${randomBytes(6).toString("hex")}`);
}

/** A new name on every call. */
export function removingPath(cacheDir: string): string {
  return path.join(cacheDir, `.removing-${randomBytes(6).toString("hex")}`);
}

/** What a file name in the cache stands for; undefined for pointers, locks and whatever is not ours. */
export function parseCacheName(fileName: string): CacheItem {
  const partial = /^\.partial-(.+)-[0-9a-f]{12}$/.exec(fileName)?.[1];
  if (partial !== undefined) return { kind: "partial", slug: partial };
  if (/^\.removing-[0-9a-f]{12}$/.test(fileName)) return { kind: "removing" };
  const install = /^([a-z0-9_][a-z0-9._-]*?)-[0-9a-f]{12}(?:-\d+)?$/.exec(fileName)?.[1];
  if (install !== undefined) return { kind: "install", slug: install };
  return undefined;
}
