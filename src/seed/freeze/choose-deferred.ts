// Which files the tar does not hold: a guest that starts on a tar keeps all of its content in memory.

import type { PlannedEntry, PlannedFile } from "./plan.js";

/** One file may take this share of the budget. */
const SHARE = 0.5;

export interface TarBudget {
  /** Of the content of one file. */
  readonly fileMaxBytes: number;
  readonly totalBytes: number;
}

export function makeTarBudget(totalBytes: number): TarBudget {
  return { fileMaxBytes: Math.floor(totalBytes * SHARE), totalBytes };
}

/**
 * The files to defer so that the rest fits into the budget, of which `usedBytes` are spent: those that are too large by
 * themselves, then the largest of the others. Names of one file go together.
 */
export function chooseDeferred(
  entries: readonly PlannedEntry[],
  { fileMaxBytes, totalBytes }: TarBudget,
  usedBytes: number,
): ReadonlySet<PlannedFile> {
  const files = entries.filter((entry) => entry.type === "file");
  const largestFirst = withoutOtherNames(files).sort((left, right) => right.sizeBytes - left.sizeBytes);
  let remainingBytes = usedBytes + largestFirst.reduce((sum, file) => sum + file.sizeBytes, 0);
  const deferred = new Set<PlannedFile>();
  for (const file of largestFirst) {
    if (file.sizeBytes === 0 || (file.sizeBytes <= fileMaxBytes && remainingBytes <= totalBytes)) break;
    deferred.add(file);
    remainingBytes -= file.sizeBytes;
  }
  return deferred;
}

/** Of each file the first name: that is the one which has the content. */
function withoutOtherNames(files: readonly PlannedFile[]): PlannedFile[] {
  const seen = new Set<string>();
  return files.filter(({ linkId }) => {
    if (linkId === undefined) return true;
    if (seen.has(linkId)) return false;
    seen.add(linkId);
    return true;
  });
}
