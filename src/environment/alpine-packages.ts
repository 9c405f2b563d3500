// The packages of an Alpine tree, from apk's own database: lines of a letter, a colon and a value.

import type { InstalledPackage } from "./debian-packages.js";

/** Reads the text of /lib/apk/db/installed. What lacks a name, a version or an architecture is left out. */
export function parseApkDatabase(text: string): InstalledPackage[] {
  const packages: InstalledPackage[] = [];
  for (const paragraph of text.split(/\n{2,}/)) {
    const field = (letter: string) => new RegExp(`^${letter}:(.+)$`, "m").exec(paragraph)?.[1]?.trim();
    const name = field("P");
    const version = field("V");
    const architecture = field("A");
    if (name && version && architecture) packages.push({ name, version, architecture });
  }
  return packages;
}
