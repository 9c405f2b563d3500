// What identifies an install, and what it was meant to be.

import { createHash } from "node:crypto";
import type { CatalogueEntry } from "./catalogue.js";
import type { InstalledPackage } from "./debian-packages.js";
import { GUEST_TREE_VERSION } from "./guest-tree.js";
import { formatEntry, type TreeEntry } from "./tree-entry.js";

/**
 * The digest of an install: SHA-256 over its packages with their versions and its listing without mtimes.
 * The content of Debian's files follows from the versions; reading every file would cost seconds.
 */
export function digestInstall(packages: readonly InstalledPackage[], entries: readonly TreeEntry[]): string {
  const hash = createHash("sha256");
  for (const { name, version, architecture } of packages) hash.update(`${name} ${version} ${architecture}\n`);
  for (const entry of entries) hash.update(`${formatEntry({ ...entry, mtimeMs: 0 })}\n`);
  return `sha256:${hash.digest("hex")}`;
}

/** Changes whenever an install made before the change would no longer do: short and opaque. */
export function resolveRecipe(entry: CatalogueEntry): string {
  const wanted = [
    GUEST_TREE_VERSION,
    entry.distribution,
    entry.release,
    entry.platform,
    ...entry.defaultPackages,
    // What an image is, its digest says.
    ...(entry.release === "" ? [entry.name] : []),
  ];
  return createHash("sha256").update(JSON.stringify(wanted)).digest("hex").slice(0, 16);
}
