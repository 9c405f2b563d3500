// The packages of a tree, from the database of its package manager: dpkg's and apk's are text. rpm's is not read: it
// takes a library, or a program of the image.

import { parseApkDatabase } from "./alpine-packages.js";
import { type InstalledPackage, parseDpkgStatus } from "./debian-packages.js";
import { readInRoot } from "./image/read-in-root.js";

const DATABASES = [
  { file: "/var/lib/dpkg/status", parse: parseDpkgStatus },
  { file: "/lib/apk/db/installed", parse: parseApkDatabase },
] as const;

/** Of a database; ten thousand packages need half of it. */
const MAX_BYTES = 32 * 1024 * 1024;
/** More than any distribution has on one machine: the manifest, which holds them, is read often. */
const MAX_PACKAGES = 20_000;

/** None in a tree of another package manager, or of none. By name. */
export async function readPackages(rootfsDir: string): Promise<readonly InstalledPackage[]> {
  for (const { file, parse } of DATABASES) {
    const text = await readInRoot(rootfsDir, file, MAX_BYTES);
    const packages = text === undefined ? [] : parse(text);
    if (packages.length > 0) return packages.sort(byName).slice(0, MAX_PACKAGES);
  }
  return [];
}

function byName(left: InstalledPackage, right: InstalledPackage): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
