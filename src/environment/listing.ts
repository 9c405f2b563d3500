// The listing of an install: what every entry of its tree was when it was installed.

import { formatEntry, parseEntry, type TreeEntry } from "./tree-entry.js";

export function formatListing(entries: readonly TreeEntry[]): string {
  return entries.map((entry) => `${formatEntry(entry)}\n`).join("");
}

/** The entries of a listing; undefined when any of it is damaged or cut off. */
export function parseListing(text: string): TreeEntry[] | undefined {
  if (!text.endsWith("\n")) return undefined;
  const entries: TreeEntry[] = [];
  for (const line of text.slice(0, -1).split("\n")) {
    const entry = parseEntry(line);
    if (!entry) return undefined;
    entries.push(entry);
  }
  return entries;
}
