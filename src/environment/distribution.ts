// Which distribution a tree is of, by its own word: os-release(5).

import { readInRoot } from "./image/read-in-root.js";

export interface Distribution {
  /** Such as `debian`, `alpine`. */
  readonly id: string;
  /** Such as `12`; empty where there are no versions. */
  readonly version: string;
}

/** In this order; the first one is a link to the second as a rule. */
const FILES = ["/etc/os-release", "/usr/lib/os-release"] as const;
/** The real ones have some hundred. */
const MAX_BYTES = 64 * 1024;
/** What ID and VERSION_ID may consist of, and no longer than any is. */
const WORD = /^[a-z0-9._-]{1,64}$/;

/** Undefined when the tree does not say. */
export async function readDistribution(rootfsDir: string): Promise<Distribution | undefined> {
  for (const file of FILES) {
    const text = await readInRoot(rootfsDir, file, MAX_BYTES);
    if (text !== undefined) return parseOsRelease(text);
  }
  return undefined;
}

export function parseOsRelease(text: string): Distribution | undefined {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
    // As in a shell, the last assignment counts.
    if (name !== undefined && value !== undefined) values.set(name, unquote(value));
  }
  const word = (name: string) => {
    const value = values.get(name) ?? "";
    return WORD.test(value) ? value : "";
  };
  const id = word("ID");
  return id === "" ? undefined : { id, version: word("VERSION_ID") };
}

/** Words have no need of the escapes that are possible within quotes. */
function unquote(value: string): string {
  const [, , quoted] = /^(["'])(.*)\1$/.exec(value) ?? [];
  return quoted ?? value;
}
