// What a push changes in the guest: the source compared with what is there. Pure.

import type { GuestEntry } from "../../guest/files.js";
import type { PlannedEntry, PlannedFile } from "../../seed/freeze/plan.js";
import type { SeedDirectory, SeedSymlink } from "../../seed/seed.js";

/** What is there, by its path in the workspace. */
export type GuestTree = ReadonlyMap<string, GuestEntry>;

/** What is to be done for one entry of the source. Paths are relative to the source. */
export type PushStep = {
  readonly path: string;
  /** What is there has to go first. */
  readonly isInTheWay: boolean;
} & PushAct;

type PushAct =
  | { readonly kind: "write_file"; readonly file: PlannedFile }
  | { readonly kind: "make_directory"; readonly mode: number }
  | { readonly kind: "make_symlink"; readonly target: string }
  | { readonly kind: "make_hard_link"; readonly existingPath: string }
  | { readonly kind: "set_mode"; readonly mode: number };

export interface PushPlan {
  /** Parents first. */
  readonly steps: readonly PushStep[];
  /** Entries of the source that the guest has already. */
  readonly unchangedCount: number;
}

const NS_PER_SECOND = 1_000_000_000n;

/** Where an entry of the source is in the workspace; `dest` is the directory that it is pushed into. */
export function placeIn(dest: string, path: string): string {
  return dest === "" ? path : `${dest}/${path}`;
}

/** Whole seconds, as the source has it. What the guest itself writes has a fraction. */
export function toMtimeNs({ mtime }: PlannedFile): bigint {
  return BigInt(mtime) * NS_PER_SECOND;
}

/** The files that only their contents can tell from those of the guest. */
export function findDoubtful(entries: readonly PlannedEntry[], dest: string, tree: GuestTree): PlannedFile[] {
  return entries.filter((entry): entry is PlannedFile => {
    if (entry.type !== "file") return false;
    const there = tree.get(placeIn(dest, entry.path));
    return there !== undefined && hasSize(there, entry) && !hasTime(there, entry);
  });
}

/** `equal` has those of the doubtful files whose contents are the guest's. Nothing is removed but what is in the way. */
export function planPush(
  entries: readonly PlannedEntry[],
  dest: string,
  tree: GuestTree,
  equal: ReadonlySet<PlannedFile>,
): PushPlan {
  const firstNames = new Map<string, FirstName>();
  const steps: PushStep[] = [];
  let unchangedCount = 0;
  for (const entry of entries) {
    const there = tree.get(placeIn(dest, entry.path));
    const act = entry.type === "file" ? planFile(entry, there, equal, firstNames) : planOther(entry, there);
    if (act) steps.push({ path: entry.path, isInTheWay: isInTheWay(there, entry, act), ...act });
    else unchangedCount++;
  }
  return { steps, unchangedCount };
}

/** The first of several names that a file of the source has. */
interface FirstName {
  readonly path: string;
  readonly isWritten: boolean;
  /** What ties the names of this file in the guest. */
  readonly guestLinkId: bigint | undefined;
}

/** Undefined: the file is there as it should be. */
function planFile(
  file: PlannedFile,
  there: GuestEntry | undefined,
  equal: ReadonlySet<PlannedFile>,
  firstNames: Map<string, FirstName>,
): PushAct | undefined {
  const { path, linkId, mode } = file;
  const first = linkId === undefined ? undefined : firstNames.get(linkId);
  if (first) {
    const isLinked = first.guestLinkId !== undefined && there?.linkId === first.guestLinkId;
    return isLinked && !first.isWritten ? undefined : { kind: "make_hard_link", existingPath: first.path };
  }
  const isWritten = !hasContent(file, there, equal);
  if (linkId !== undefined) firstNames.set(linkId, { path, isWritten, guestLinkId: there?.linkId });
  if (isWritten) return { kind: "write_file", file };
  return there?.mode === mode ? undefined : { kind: "set_mode", mode };
}

function hasContent(
  file: PlannedFile,
  there: GuestEntry | undefined,
  equal: ReadonlySet<PlannedFile>,
): boolean {
  return there !== undefined && hasSize(there, file) && (hasTime(there, file) || equal.has(file));
}

function hasSize(there: GuestEntry, file: PlannedFile): boolean {
  return there.type === "file" && there.sizeBytes === file.sizeBytes;
}

/** Equal times tell that nothing was changed, where they tell anything. */
function hasTime(there: GuestEntry, file: PlannedFile): boolean {
  const { content, mtime } = file;
  // Archives may have one time for all their files, whatever is in them.
  if (content.kind !== "host") return false;
  // What was written just now counts as older here, and as equally old after the next change.
  if (Math.floor(content.identity.mtimeMs / 1000) !== mtime) return false;
  return there.mtimeNs === toMtimeNs(file);
}

function planOther(entry: SeedDirectory | SeedSymlink, there: GuestEntry | undefined): PushAct | undefined {
  if (entry.type === "symlink") {
    const { target } = entry;
    return there?.linkTarget === target ? undefined : { kind: "make_symlink", target };
  }
  const { mode } = entry;
  return there?.type === "directory" && there.mode === mode ? undefined : { kind: "make_directory", mode };
}

/** Files are replaced and directories kept; everything else has to go first. */
function isInTheWay(there: GuestEntry | undefined, entry: PlannedEntry, { kind }: PushAct): boolean {
  if (there === undefined) return false;
  return there.type !== entry.type || kind === "make_symlink" || kind === "make_hard_link";
}
