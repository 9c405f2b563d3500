// The packages of a tree, from the database of its package manager: dpkg's and apk's are text. rpm's is not read: it
// takes a library, or a program of the image.

import { parseApkDatabase } from "./alpine-packages.js";
import { type InstalledPackage, parseDpkgStatus } from "./debian-packages.js";
import { listInRoot } from "./image/list-in-root.js";
import { readInRoot } from "./image/read-in-root.js";

const DPKG = "/var/lib/dpkg/status";
/** What distroless images have in its place: a file for each package, and its checksums in another. */
const DPKG_PARTS = "/var/lib/dpkg/status.d";
const APK = "/lib/apk/db/installed";

/** Of a database; ten thousand packages need half of it. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Of what one package has in it. */
const MAX_PART_BYTES = 64 * 1024;
/** More than any distribution has on one machine: the manifest, which holds them, is read often. */
const MAX_PACKAGES = 20_000;

/** By name; none in a tree of another package manager, or of none. */
export async function readPackages(rootfsDir: string): Promise<readonly InstalledPackage[]> {
  const read = async (file: string) => (await readInRoot(rootfsDir, file, MAX_BYTES)) ?? "";
  const lookups = [
    async () => parseDpkgStatus(await read(DPKG)),
    async () => parseDpkgStatus(await readParts(rootfsDir)),
    async () => parseApkDatabase(await read(APK)),
  ];
  for (const look of lookups) {
    const packages = await look();
    if (packages.length > 0) return packages.sort(byName).slice(0, MAX_PACKAGES);
  }
  return [];
}

async function readParts(rootfsDir: string): Promise<string> {
  const names = await listInRoot(rootfsDir, DPKG_PARTS);
  let text = "";
  for (const name of names) {
    if (name.endsWith(".md5sums")) continue;
    const part = await readInRoot(rootfsDir, `${DPKG_PARTS}/${name}`, MAX_PART_BYTES);
    text += `${part ?? ""}\n\n`;
    if (text.length > MAX_BYTES) break;
  }
  return text;
}

function byName(left: InstalledPackage, right: InstalledPackage): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
