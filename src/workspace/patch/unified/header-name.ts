// The name of a file in the header lines of a diff: `--- NAME`, `+++ NAME`, `rename from NAME`.

import { parseQuotedPath } from "../quoted-path.js";

const DATE = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: ?[+-]\d{4}| ?Z)?`;
const TRAILING_DATE = new RegExp(` ${DATE}$`);
/** Characters of two quoted names of the longest kind. */
const NAMES_MAX = 2 * 4 * 4096;
/** What diff -N writes of a file that does not exist, in any time zone. */
const NO_TIME = /^(?:1969-12-31|1970-01-01) \d\d:\d\d:00(?:\.0+)?(?:\s|$)/;

/** `text` is what follows `--- ` or `+++ `. Undefined: the file does not exist on this side. */
export function parseHeaderName(text: string): string | undefined {
  const { path: name, rest } = parseQuotedPath(text) ?? splitTime(text);
  return name === "/dev/null" || NO_TIME.test(rest.trim()) ? undefined : name;
}

/** A tab ends the name; without one, a time that looks like one does. */
function splitTime(text: string): { path: string; rest: string } {
  const tab = text.indexOf("\t");
  if (tab >= 0) return { path: text.slice(0, tab), rest: text.slice(tab) };
  const path = text.replace(TRAILING_DATE, "");
  return { path: path.trimEnd(), rest: text.slice(path.length) };
}

/** `text` is what follows `rename from ` and the like. */
export function parsePlainName(text: string): string {
  return parseQuotedPath(text)?.path ?? text;
}

/**
 * The names in `diff --git A B`, when they are the same behind their first directory; that is what git writes
 * without lines of names. Undefined: they cannot be told apart.
 */
export function parseGitNames(text: string): { readonly old: string; readonly now: string } | undefined {
  if (text.length > NAMES_MAX) return undefined;
  const first = parseQuotedPath(text);
  if (first) {
    const rest = first.rest.replace(/^ +/, "");
    const now = parseQuotedPath(rest)?.path ?? rest;
    return now === "" ? undefined : { old: first.path, now };
  }
  const quotedSecond = text.indexOf(' "');
  const second = quotedSecond > 0 ? parseQuotedPath(text.slice(quotedSecond + 1)) : undefined;
  if (second?.rest === "") return { old: text.slice(0, quotedSecond), now: second.path };
  for (let at = text.indexOf(" "); at > 0; at = text.indexOf(" ", at + 1)) {
    const old = text.slice(0, at);
    const now = text.slice(at + 1);
    if (old === now || (old.includes("/") && withoutFirst(old) === withoutFirst(now))) return { old, now };
  }
  return undefined;
}

/** Without its first directory. */
export function withoutFirst(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}
