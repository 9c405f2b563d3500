// What has happened to one path, and how a patch says it.

import type { DiffEntry, DiffStatus } from "./diff-result.js";
import type { PatchSection } from "./patch-writer.js";
import type { Side } from "./side.js";

export interface Comparison {
  readonly path: string;
  readonly old: Side | undefined;
  readonly now: Side | undefined;
  readonly hasEqualContent: boolean;
  /** It is a directory with something in it now. */
  readonly isFilledNow: boolean;
  readonly includeBinary: boolean;
}

export interface Change {
  readonly entry: DiffEntry;
  /** At most a deletion and an addition. */
  readonly sections: readonly PatchSection[];
  /** The sections make the whole change. */
  readonly isPatched: boolean;
  /** Something is gone whose content the patch does not have. */
  readonly hidesDeletion: boolean;
}

/** Undefined: nothing has. */
export function compareSides(comparison: Comparison): Change | undefined {
  const { path, old, now } = comparison;
  const status = findStatus(comparison);
  const artifactType = (now ?? old)?.type;
  if (status === undefined || artifactType === undefined) return undefined;
  const plan = planSections(comparison, status);
  const sizes = { oldSizeBytes: old?.sizeBytes, sizeBytes: now?.sizeBytes };
  const modes = { oldMode: old?.mode, mode: now?.mode };
  return { entry: { path, status, artifactType, ...sizes, ...modes, isPatched: plan.isPatched }, ...plan };
}

function findStatus({ old, now, hasEqualContent }: Comparison): DiffStatus | undefined {
  if (!old) return "added";
  if (!now) return "deleted";
  if (old.type !== now.type) return "type_changed";
  if (!hasEqualContent) return "modified";
  return old.type === "file" && old.mode !== now.mode ? "mode_changed" : undefined;
}

function planSections(
  { path, old, now, isFilledNow, includeBinary }: Comparison,
  status: DiffStatus,
): Pick<Change, "sections" | "isPatched" | "hidesDeletion"> {
  if (status === "mode_changed") {
    const frame = { path, oldMode: old?.gitMode, nowMode: now?.gitMode, content: undefined };
    const isPatched = frame.oldMode !== frame.nowMode;
    return { sections: isPatched ? [frame] : [], isPatched, hidesDeletion: false };
  }
  const hasOld = old !== undefined && canCarry(old, includeBinary);
  const hasNow = now !== undefined && canCarry(now, includeBinary);
  if (status === "modified") {
    if (!hasOld || !hasNow) return { sections: [], isPatched: false, hidesDeletion: false };
    return { sections: [sectionOf(path, old, now)], isPatched: true, hidesDeletion: false };
  }
  const sections = [
    ...(hasOld ? [sectionOf(path, old, undefined)] : []),
    ...(hasNow ? [sectionOf(path, undefined, now)] : []),
  ];
  // Directories come and go with the files in them, but not empty ones.
  const isOldDone = hasOld || !old || (old.type === "directory" && now !== undefined);
  const isNowDone = hasNow || !now || isFilledNow;
  const hidesDeletion = old !== undefined && old.gitMode !== undefined && !hasOld;
  return { sections, isPatched: isOldDone && isNowDone, hidesDeletion };
}

function canCarry({ gitMode, content, isText }: Side, includeBinary: boolean): boolean {
  return gitMode !== undefined && content !== undefined && (includeBinary || isText);
}

function sectionOf(path: string, old: Side | undefined, now: Side | undefined): PatchSection {
  const binary = old?.isText === false || now?.isText === false;
  const content = { old: old?.content, now: now?.content, binary };
  return { path, oldMode: old?.gitMode, nowMode: now?.gitMode, content };
}
