// The manifest of an install: manifest.json beside its tree. Its keys are those of `install_manifest` in results.

import type { InstalledPackage } from "./debian-packages.js";
import type { Distribution } from "./distribution.js";
import { ImageRecordSchema, type ImageRecord } from "./image/image-record.js";

export interface InstallManifest {
  /** The environment's name in the catalogue. */
  readonly name: string;
  /** The catalogue version that installed it. */
  readonly version: string;
  /** What was to be installed, see resolveRecipe(): an install of another recipe is out of date. */
  readonly recipe: string;
  /** Where it came from: the name of a source. */
  readonly source: string;
  readonly mirrors: readonly string[];
  /** `sha256:` and 64 hex digits; see digestInstall(). */
  readonly digest: string;
  /** SHA-256 of the listing file, hex. */
  readonly listingDigest: string;
  readonly packages: readonly InstalledPackage[];
  /** Unix seconds. */
  readonly installedAt: number;
  /** Sum of the sizes of all files. */
  readonly sizeBytes: number;
  readonly entryCount: number;
  /** What its tree says of itself; absent when that is nothing. */
  readonly distribution?: Distribution;
  /** Present when it was made from an image. */
  readonly image?: ImageRecord;
}

export function formatManifest(manifest: InstallManifest): string {
  const { listingDigest, installedAt, sizeBytes, entryCount, ...plain } = manifest;
  const json = {
    ...plain,
    listing_digest: listingDigest,
    installed_at: installedAt,
    size_bytes: sizeBytes,
    entry_count: entryCount,
  };
  return `${JSON.stringify(json, null, 1)}\n`;
}

/** The manifest in `text`; undefined when it is damaged in any way. */
export function parseManifest(text: string): InstallManifest | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(json)) return undefined;
  const { name, version, recipe, source, mirrors, digest, packages } = json;
  const { listing_digest, installed_at, size_bytes, entry_count } = json;
  if (!isText(name) || !isText(version) || !isText(recipe) || !isText(source) || !isText(listing_digest)) {
    return undefined;
  }
  if (!isText(digest) || !/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
  if (!isAmount(installed_at) || !isAmount(size_bytes) || !isAmount(entry_count)) return undefined;
  if (!Array.isArray(mirrors) || !mirrors.every(isText)) return undefined;
  if (!Array.isArray(packages) || !packages.every(isPackage)) return undefined;
  const { distribution } = json;
  if (distribution !== undefined && !isDistribution(distribution)) return undefined;
  const image = ImageRecordSchema.optional().safeParse(json["image"]);
  if (!image.success) return undefined;
  return {
    name,
    version,
    recipe,
    source,
    mirrors,
    digest,
    listingDigest: listing_digest,
    packages,
    installedAt: installed_at,
    sizeBytes: size_bytes,
    entryCount: entry_count,
    ...(distribution && { distribution }),
    ...(image.data && { image: image.data }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isDistribution(value: unknown): value is Distribution {
  return isRecord(value) && isText(value["id"]) && typeof value["version"] === "string";
}

function isPackage(value: unknown): value is InstalledPackage {
  return (
    isRecord(value) && isText(value["name"]) && isText(value["version"]) && isText(value["architecture"])
  );
}
