// The index for a guest: it says of every file that is as Git knows it that it is, so that `git status` reads none.

import type { FreezeContext } from "../freeze/freeze-context.js";
import { toSeedMtime } from "../freeze/freeze-context.js";
import type { HostEntry } from "../freeze/host-entry.js";
import { type FreshIndexEntry, formatIndex } from "./format-index.js";
import type { IndexEntry } from "./index-file.js";
import type { RepositoryView } from "./repository-view.js";

const STAGE_MASK = 0x3000;

export interface FreshIndexRequest {
  readonly view: RepositoryView;
  /** Relative to the checkout's top: only what is below it, and relative to it; "": all. */
  readonly prefix: string;
  /** The files of the seed by their paths, as they were looked at. */
  readonly files: ReadonlyMap<string, HostEntry>;
  /** Paths of files that are not in the seed as they were looked at. */
  readonly changed: ReadonlySet<string>;
}

export function makeFreshIndex(request: FreshIndexRequest, context: FreezeContext): Buffer {
  const { view, prefix, files, changed } = request;
  const { index, config } = view;
  const start = prefix === "" ? "" : `${prefix}/`;
  const entries: FreshIndexEntry[] = [];
  for (const entry of index.entries) {
    if (!entry.path.startsWith(start)) continue;
    const path = entry.path.slice(start.length);
    const file = changed.has(path) ? undefined : files.get(path);
    const isClean = file !== undefined && isKnownClean(entry, file, index.mtimeMs);
    const stat = isClean
      ? { mtimeSeconds: toSeedMtime(file.identity.mtimeMs, context), sizeBytes: file.identity.sizeBytes }
      : undefined;
    entries.push({ ...entry, path, stat });
  }
  const cacheTree = prefix === "" ? index.extensions.get("TREE") : undefined;
  return formatIndex({ entries, cacheTree }, config.objectFormat);
}

/**
 * Whether git on the host would take the file's word that it has not changed. A file as new as the index may have been
 * changed after it was added, within one tick of the clock.
 */
function isKnownClean({ flags, stat }: IndexEntry, { identity }: HostEntry, indexMtimeMs: number): boolean {
  return (
    (flags & STAGE_MASK) === 0 &&
    identity.mtimeMs < indexMtimeMs &&
    identity.mtimeMs === toMs(stat.mtimeSeconds, stat.mtimeNanoseconds) &&
    identity.ctimeMs === toMs(stat.ctimeSeconds, stat.ctimeNanoseconds) &&
    identity.sizeBytes % 2 ** 32 === stat.sizeBytes &&
    identity.ino % 2 ** 32 === stat.ino
  );
}

/** As Node reckons the times of a file, so that equal times are equal numbers. */
function toMs(seconds: number, nanoseconds: number): number {
  return seconds * 1000 + nanoseconds / 1_000_000;
}
