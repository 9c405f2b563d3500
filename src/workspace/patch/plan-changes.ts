// The changes that turn the guest's files into what a patch makes of them, and what they are called in the result.

import type { FileChange } from "../../guest/files.js";
import { type FileState, MISSING } from "./file-state.js";
import { directoriesAbove } from "./patch-path.js";
import type { PatchPlan } from "./plan-patch.js";

export interface PatchedEntry {
  /** Relative to /workspace, one character per byte. */
  readonly path: string;
  readonly status: "added" | "modified" | "deleted" | "renamed";
  /** Of what was renamed. */
  readonly oldPath?: string;
}

export interface PlannedChanges {
  readonly changes: readonly FileChange[];
  /** In order of the paths' bytes. */
  readonly entries: readonly PatchedEntry[];
}

type FileContent = FileState & { readonly type: "file" };
type Originals = ReadonlyMap<string, FileState>;

/** Every file that is replaced or removed must still be what it was when the changes take place. */
export function planChanges({ states, renames }: PatchPlan, originals: Originals): PlannedChanges {
  const touched = [...states].map(([path, now]) => ({ path, now, old: originals.get(path) ?? MISSING }));
  const changed = touched
    .filter(({ old, now }) => !isSame(old, now))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const removed = changed.filter(({ old, now }) => old.type !== "missing" && old.type !== now.type);
  const made = changed.filter(({ now }) => now.type !== "missing");
  const isGone = (path: string) =>
    states.get(path)?.type === "missing" && originals.get(path)?.type !== "missing";
  const renamed = new Map([...renames].filter(([to, from]) => !existed(originals, to) && isGone(from)));
  const sources = new Set(renamed.values());
  return {
    changes: [
      ...removed.flatMap(({ path, old }) => removalOf(path, old)),
      ...emptiedDirectories(removed, made, originals),
      ...made.flatMap(({ path, old, now }) => changesOf(path, old, now)),
    ],
    entries: changed
      .filter(({ path }) => !sources.has(path))
      .map(({ path, now }): PatchedEntry => {
        const oldPath = renamed.get(path);
        if (oldPath !== undefined) return { path, status: "renamed", oldPath };
        return {
          path,
          status: !existed(originals, path) ? "added" : now.type === "missing" ? "deleted" : "modified",
        };
      }),
  };
}

function existed(originals: Originals, path: string): boolean {
  const type = originals.get(path)?.type ?? "missing";
  return type !== "missing" && type !== "directory";
}

function isSame(old: FileState, now: FileState): boolean {
  if (old.type === "file" && now.type === "file") return old.mode === now.mode && hasSameContent(old, now);
  if (old.type === "symlink" && now.type === "symlink") return old.target === now.target;
  return old.type === now.type;
}

/** A file that the patch has not made anew has the digest that it has in the guest. */
function hasSameContent(old: FileContent, now: FileContent): boolean {
  if (old.sha256 === now.sha256) return true;
  return (
    old.content !== undefined && now.content !== undefined && Buffer.compare(old.content, now.content) === 0
  );
}

function removalOf(path: string, old: FileState): FileChange[] {
  // A directory goes when nothing is left in it.
  if (old.type === "directory") return [];
  return [{ kind: "remove", path, expectedSha256: old.type === "file" ? old.sha256 : undefined }];
}

/** As git leaves it: directories that have become empty go too, but not those that something is written to. */
function emptiedDirectories(
  removed: readonly { path: string }[],
  made: readonly { path: string }[],
  originals: Originals,
): FileChange[] {
  const needed = new Set(made.flatMap(({ path }) => directoriesAbove(path)));
  const emptied = new Set(removed.flatMap(({ path }) => directoriesAbove(path)));
  return [...emptied]
    .filter((path) => !needed.has(path) && originals.get(path)?.type === "directory")
    .sort((a, b) => b.length - a.length)
    .map((path) => ({ kind: "remove", path, onlyEmptyDirectory: true }));
}

function changesOf(path: string, old: FileState, now: FileState): FileChange[] {
  if (now.type === "symlink") {
    const removal: FileChange[] = old.type === "symlink" ? [{ kind: "remove", path }] : [];
    return [...removal, { kind: "make_symlink", path, target: now.target }];
  }
  if (now.type !== "file") return [];
  if (old.type === "file" && hasSameContent(old, now)) return [{ kind: "set_mode", path, mode: now.mode }];
  const content = now.content ?? Buffer.of();
  const mode = old.type === "file" && old.mode === now.mode ? {} : { mode: now.mode };
  return [
    {
      kind: "write_file",
      path,
      sizeBytes: content.length,
      content: content.length === 0 ? [] : [{ offset: 0, bytes: content }],
      ...mode,
      ...(old.type === "file" && { expectedSha256: old.sha256 }),
      ...(old.type === "missing" && { mustNotExist: true }),
    },
  ];
}
