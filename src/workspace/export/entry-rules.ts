// Where an entry of a hostile guest may be put: below the exported path, beneath directories that came before it.

import type { GuestEntry } from "../../guest/files.js";
import { hostileGuest } from "./hostile-guest.js";

/** The entry's path relative to what is exported; "" is that itself. Throws when no honest guest sends it. */
export function relativeToExport(entryPath: string, exported: string): string {
  if (entryPath === exported) return "";
  const prefix = exported === "" ? "" : `${exported}/`;
  const relative = entryPath.slice(prefix.length);
  const isSound = entryPath.startsWith(prefix) && relative.split("/").every(isName);
  if (!isSound) throw hostileGuest("a path that is none", entryPath);
  return relative;
}

/** Throws when a size is no number of bytes, or a link has no target. */
export function checkEntry({ path, type, sizeBytes, linkTarget }: GuestEntry): void {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw hostileGuest("an impossible size", path);
  if (type !== "symlink") return;
  if (linkTarget === undefined || linkTarget === "" || !isByteText(linkTarget)) {
    throw hostileGuest("a link without a target", path);
  }
}

function isName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && isByteText(name);
}

/** One character per byte, and no NUL: what a system call takes as it is. */
function isByteText(text: string): boolean {
  return /^[\x01-\xff]*$/.test(text); // eslint-disable-line no-control-regex -- names may hold control characters
}
