// What a patch says, whatever format it came in. Paths and texts have one character per byte.

import type { BinaryEdit } from "./binary/binary-edit.js";
import type { GitMode } from "./git-mode.js";

/** Where a file is and where it goes; the same but for renames and copies. */
export interface PathPair {
  readonly from: string;
  readonly to: string;
}

export interface FilePatch {
  readonly kind: "add" | "delete" | "modify" | "rename" | "copy";
  /** What the names in the patch may mean, the likeliest first; the first whose file exists is meant. */
  readonly paths: readonly [PathPair, ...PathPair[]];
  /** Undefined: the patch does not say. */
  readonly oldMode: GitMode | undefined;
  readonly newMode: GitMode | undefined;
  readonly edit: Edit;
  /** Where it begins in the patch, from 1. */
  readonly patchLine: number;
}

export type Edit =
  | { readonly kind: "none" }
  /** The file, whatever is in it: of a deletion. */
  | { readonly kind: "any_content" }
  | { readonly kind: "hunks"; readonly hunks: readonly Hunk[] }
  | BinaryEdit;

export interface Hunk {
  /** Of its first line in the patch, from 1. */
  readonly patchLine: number;
  readonly place: HunkPlace;
  readonly lines: readonly HunkLine[];
}

export type HunkPlace =
  /** By numbers from 1; of a hunk without old lines, that of the line before it. Undefined: wherever it matches. */
  | { readonly kind: "lines"; readonly oldStart: number | undefined; readonly newStart: number | undefined }
  /** After these lines, one after the other; at the end of the file. */
  | { readonly kind: "after"; readonly headers: readonly string[]; readonly atEnd: boolean };

export interface HunkLine {
  /** Kept, added or removed. */
  readonly op: " " | "+" | "-";
  /** With its line end, if it has one. */
  readonly text: string;
}

/** What undoes it. Of a copy: nothing but the copy's removal. */
export function invert(patch: FilePatch): FilePatch {
  const [first, ...others] = patch.paths;
  const swap = ({ from, to }: PathPair) => ({ from: to, to: from });
  const inverse = {
    ...patch,
    paths: [swap(first), ...others.map(swap)] as const,
    oldMode: patch.newMode,
    newMode: patch.oldMode,
  };
  switch (patch.kind) {
    case "add":
      return { ...inverse, kind: "delete", edit: invertEdit(patch.edit) };
    case "delete":
      return { ...inverse, kind: "add", edit: invertEdit(patch.edit) };
    case "copy":
      return {
        ...inverse,
        kind: "delete",
        paths: [{ from: first.to, to: first.to }],
        edit: { kind: "any_content" },
      };
    case "modify":
    case "rename":
      return { ...inverse, edit: invertEdit(patch.edit) };
  }
}

function invertEdit(edit: Edit): Edit {
  switch (edit.kind) {
    case "none":
      return edit;
    case "any_content":
      return { kind: "none" };
    case "hunks":
      return { kind: "hunks", hunks: edit.hunks.map(invertHunk) };
    case "binary":
      return {
        ...edit,
        oldId: edit.newId,
        newId: edit.oldId,
        forward: edit.backward,
        backward: edit.forward,
      };
  }
}

const INVERSE_OPS = { " ": " ", "+": "-", "-": "+" } as const;

function invertHunk({ patchLine, place, lines }: Hunk): Hunk {
  return {
    patchLine,
    place: place.kind === "lines" ? { ...place, oldStart: place.newStart, newStart: place.oldStart } : place,
    lines: lines.map(({ op, text }) => ({ op: INVERSE_OPS[op], text })),
  };
}
