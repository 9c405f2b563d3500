// What is at a path, in the guest or after a part of the patch.

import { createHash } from "node:crypto";
import { PyroError } from "../../contract/errors.js";
import type { FetchedFile } from "../diff/fetch-contents.js";
import { GIT_EXECUTABLE, GIT_SYMLINK, type GitMode } from "./git-mode.js";
import { rejectPatch } from "./patch-errors.js";

export type FileState =
  | { readonly type: "missing" }
  | {
      readonly type: "file";
      readonly mode: number;
      /** Undefined: larger than what is read. */
      readonly content: Uint8Array | undefined;
      /** Of the file in the guest that has this content; undefined: the patch has made it. */
      readonly sha256: string | undefined;
    }
  | { readonly type: "symlink"; readonly target: string }
  | { readonly type: "directory" | "other" };

export const MISSING: FileState = { type: "missing" };

const FILE_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;

export function stateOf({ entry, content, sha256 }: FetchedFile, maxFileBytes: number): FileState {
  if (!entry) return MISSING;
  if (entry.type === "symlink") return { type: "symlink", target: entry.linkTarget ?? "" };
  if (entry.type !== "file") return { type: entry.type };
  if (!content && entry.sizeBytes <= maxFileBytes) {
    throw new PyroError("conflict", "a file was changed while it was read");
  }
  const digest = sha256 ?? (content && createHash("sha256").update(content).digest("hex"));
  return { type: "file", mode: entry.mode, content, sha256: digest };
}

/** The content that a patch changes: of a link, its target. Errors: `patch_rejected`. */
export function contentOf(path: string, state: FileState): Uint8Array {
  if (state.type === "symlink") return Buffer.from(state.target, "latin1");
  if (state.type !== "file") throw rejectPatch({ path }, "there is no such file");
  if (!state.content) throw rejectPatch({ path }, "the file is too large to be patched");
  return state.content;
}

/** `mode` undefined: as before, or that of an ordinary file. */
export function makeState(before: FileState, content: Uint8Array, mode: GitMode | undefined): FileState {
  const isLink = mode === GIT_SYMLINK || (mode === undefined && before.type === "symlink");
  if (isLink) return { type: "symlink", target: Buffer.from(content).toString("latin1") };
  const old = before.type === "file" ? before : undefined;
  const isSame = old?.content !== undefined && Buffer.compare(old.content, content) === 0;
  return {
    type: "file",
    mode: old ? changeMode(old.mode, mode) : mode === GIT_EXECUTABLE ? EXECUTABLE_MODE : FILE_MODE,
    content: isSame ? old.content : content,
    sha256: isSame ? old.sha256 : undefined,
  };
}

/** Who may read it may execute it, or nobody may. */
export function changeMode(mode: number, to: GitMode | undefined): number {
  if (to === undefined) return mode;
  const isExecutable = (mode & 0o100) !== 0;
  if (isExecutable === (to === GIT_EXECUTABLE)) return mode;
  return to === GIT_EXECUTABLE ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;
}
