// What the names in a diff's header may mean: with prefixes before them or without.

import { toPyroError } from "../../../contract/errors.js";
import type { PathPair } from "../file-patch.js";
import { resolvePatchPath } from "../patch-path.js";
import { withoutFirst } from "./header-name.js";

export interface HeaderNames {
  /** Undefined: there is no old file. */
  readonly old: string | undefined;
  /** Undefined: there is no new file. */
  readonly now: string | undefined;
}

/** The likeliest first. Errors: those of resolvePatchPath() for it. */
export function candidatePaths({ old, now }: HeaderNames): readonly [PathPair, ...PathPair[]] {
  const names = [now, old].flatMap((name) => name ?? []);
  const withoutPrefixes = havePrefixes(old, now) ? names.map(withoutFirst) : [];
  // A name from the root is written behind a prefix too: `a/workspace/FILE`.
  const rooted = withoutPrefixes.flatMap((name) => (name.startsWith("workspace/") ? `/${name}` : []));
  const strayPrefix = names.flatMap((name) => (/^[ab]\//.test(name) ? withoutFirst(name) : []));
  const [first = "", ...others] = new Set([...withoutPrefixes, ...names, ...rooted, ...strayPrefix]);
  return [toPair(resolvePatchPath(first)), ...others.flatMap(resolveIfValid).map(toPair)];
}

/** `a/` and `b/` as git writes them, or the two directories that were compared. */
function havePrefixes(old: string | undefined, now: string | undefined): boolean {
  const isA = old?.startsWith("a/") ?? true;
  const isB = now?.startsWith("b/") ?? true;
  if (old === undefined || now === undefined || (isA && isB)) return isA && isB;
  return old !== now && [old, now].every((name) => name.indexOf("/") > 0) && haveEqualRests(old, now);
}

/** Without their first directories they are the same. */
export function haveEqualRests(old: string, now: string): boolean {
  return withoutFirst(old) === withoutFirst(now);
}

function resolveIfValid(name: string): string[] {
  try {
    return [resolvePatchPath(name)];
  } catch (error) {
    if (["path_outside_workspace", "invalid_input"].includes(toPyroError(error).code)) return [];
    throw error;
  }
}

function toPair(path: string): PathPair {
  return { from: path, to: path };
}
