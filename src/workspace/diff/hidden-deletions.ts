// Files that are gone, that a patch without binary content does not mention, and whose place it needs.
//
// `git apply` cannot make `a/b` while `a` is a file. It deletes a file without having its content in the patch.

import { gitFileMode, GIT_SYMLINK } from "../patch/git-mode.js";
import { type BaselineEntry, isAtOrBelow, parentsOf } from "./baseline-tree.js";
import type { PatchSection } from "./patch-writer.js";
import type { ReadBaseline } from "./side.js";

/** What a patch without more says about one changed path. */
export interface Place {
  readonly path: string;
  readonly old: BaselineEntry | undefined;
  readonly hidesDeletion: boolean;
  readonly adds: boolean;
}

export interface Unhidden {
  /** Deletions to add to the patch, by the index of their place. */
  readonly deletions: readonly { readonly index: number; readonly section: PatchSection }[];
  /** What the patch cannot add, because something is in its way whose content nobody has. */
  readonly unreachable: ReadonlySet<string>;
}

export async function unhideDeletions(
  places: readonly Place[],
  readContent: ReadBaseline,
): Promise<Unhidden> {
  const added = new Set(places.filter(({ adds }) => adds).map(({ path }) => path));
  const aboveAdded = new Set([...added].flatMap(parentsOf));
  const deletions = [];
  const unreachable = new Set<string>();
  for (const [index, { path, old, hidesDeletion }] of places.entries()) {
    const isInTheWay = [path, ...parentsOf(path)].some((each) => added.has(each)) || aboveAdded.has(path);
    if (!hidesDeletion || !isInTheWay || !old) continue;
    const section = await makeDeletion(path, old, readContent);
    if (section) deletions.push({ index, section });
    else {
      const blocked = [...added].filter((each) => isAtOrBelow(each, path) || isAtOrBelow(path, each));
      for (const each of blocked) unreachable.add(each);
    }
  }
  return { deletions, unreachable };
}

async function makeDeletion(
  path: string,
  old: BaselineEntry,
  readContent: ReadBaseline,
): Promise<PatchSection | undefined> {
  if (old.type === "directory" || (old.type === "file" && old.offset === undefined)) return undefined;
  const oldMode = old.type === "symlink" ? GIT_SYMLINK : gitFileMode(old.mode);
  const content = old.type === "symlink" ? Buffer.from(old.target, "latin1") : await readContent(old);
  return { path, oldMode, nowMode: undefined, content: { old: content, now: undefined, binary: true } };
}
