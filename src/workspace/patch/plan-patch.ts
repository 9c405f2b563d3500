// What the files of a patch become, worked out in memory: a patch that fails half-way has changed nothing.

import { applyBinary } from "./binary/apply-binary.js";
import type { Edit, FilePatch, PathPair } from "./file-patch.js";
import { changeMode, contentOf, type FileState, makeState, MISSING } from "./file-state.js";
import { GIT_SYMLINK, type GitMode } from "./git-mode.js";
import { applyHunks } from "./hunks/apply-hunks.js";
import { SearchBudget } from "./line-search.js";
import { rejectPatch, showText } from "./patch-errors.js";
import { directoriesAbove } from "./patch-path.js";

export interface PatchPlan {
  /** Paths that the patch touches, and what they become. */
  readonly states: ReadonlyMap<string, FileState>;
  /** New names → old names. */
  readonly renames: ReadonlyMap<string, string>;
}

/** `originals`: every path of the patch as it is now. Errors: `patch_rejected`, `invalid_input`. */
export function planPatch(
  patches: readonly FilePatch[],
  originals: ReadonlyMap<string, FileState>,
): PatchPlan {
  const planner = new Planner(patches, originals);
  for (const patch of patches) planner.apply(patch);
  return planner;
}

class Planner implements PatchPlan {
  readonly states = new Map<string, FileState>();
  readonly renames = new Map<string, string>();
  readonly #originals: ReadonlyMap<string, FileState>;
  /** Paths that a part of the patch takes away. */
  readonly #leaving: ReadonlySet<string>;
  /** Directories with such paths. */
  readonly #emptying: ReadonlySet<string>;
  /** Paths that a part of the patch has put something new at. */
  readonly #arrived = new Set<string>();
  readonly #budget = new SearchBudget();

  constructor(patches: readonly FilePatch[], originals: ReadonlyMap<string, FileState>) {
    this.#originals = originals;
    const leaving = patches.filter(({ kind }) => kind === "delete" || kind === "rename");
    this.#leaving = new Set(leaving.flatMap(({ paths }) => paths.map(({ from }) => from)));
    this.#emptying = new Set([...this.#leaving].flatMap(directoriesAbove));
  }

  apply(patch: FilePatch): void {
    const { from, to } = this.#choosePaths(patch);
    switch (patch.kind) {
      case "add":
        this.#add(to, patch);
        break;
      case "delete":
        this.#delete(from, patch);
        break;
      case "modify":
        // Some name a new file on both sides.
        if (this.#stateOf(from).type === "missing" && hasOnlyNewLines(patch)) this.#add(to, patch);
        else this.states.set(from, this.#change(from, this.#stateOf(from), patch));
        break;
      case "copy":
        this.#arrive(to, this.#change(from, this.#original(from), patch));
        break;
      case "rename":
        this.#rename({ from, to }, patch);
    }
  }

  /** The first of the possible paths that has a file; of an addition, the likeliest. */
  #choosePaths({ kind, paths }: FilePatch): PathPair {
    const [likeliest] = paths;
    if (kind === "add") return likeliest;
    return paths.find(({ from }) => ["file", "symlink"].includes(this.#stateOf(from).type)) ?? likeliest;
  }

  #stateOf(path: string): FileState {
    return this.states.get(path) ?? this.#originals.get(path) ?? MISSING;
  }

  #original(path: string): FileState {
    const original = this.#originals.get(path) ?? MISSING;
    return original.type === "missing" ? this.#stateOf(path) : original;
  }

  #arrive(path: string, state: FileState): void {
    const there = this.#stateOf(path).type;
    const isLeaving = there === "directory" ? this.#emptying.has(path) : this.#leaving.has(path);
    if (there !== "missing" && (!isLeaving || this.#arrived.has(path))) {
      throw rejectPatch({ path }, `the patch makes it anew, but there is a ${there} of this name`);
    }
    const obstacle = directoriesAbove(path).find((above) => this.#isObstacle(above));
    if (obstacle !== undefined) throw rejectPatch({ path }, `${showText(obstacle)} is no directory`);
    this.#arrived.add(path);
    this.states.set(path, state);
  }

  #isObstacle(directory: string): boolean {
    const { type } = this.#stateOf(directory);
    return (type === "file" || type === "other") && !this.#leaving.has(directory);
  }

  #add(path: string, patch: FilePatch): void {
    this.#arrive(path, makeState(MISSING, this.#edit(path, undefined, patch), patch.newMode));
  }

  #delete(path: string, patch: FilePatch): void {
    const state = this.#stateOf(path);
    checkType(path, state, patch, patch.oldMode);
    if (patch.edit.kind !== "any_content") {
      const left = this.#edit(path, contentOf(path, state), patch);
      if (left.length > 0)
        throw rejectPatch({ path }, "the patch deletes it, but it has more content than that");
    }
    this.states.set(path, MISSING);
    this.#arrived.delete(path);
  }

  #rename({ from, to }: PathPair, patch: FilePatch): void {
    // Git's diffs name what was there before the whole patch: two files may swap their names.
    const original = this.#originals.get(from) ?? MISSING;
    const isSwapped = this.#arrived.has(from) && original.type !== "missing";
    const changed = this.#change(from, isSwapped ? original : this.#stateOf(from), patch);
    if (from === to) {
      this.states.set(to, changed);
      return;
    }
    if (!isSwapped) this.states.set(from, MISSING);
    this.#arrive(to, changed);
    this.renames.set(to, from);
  }

  #change(path: string, state: FileState, patch: FilePatch): FileState {
    checkType(path, state, patch, patch.oldMode ?? patch.newMode);
    // Permissions alone can be changed of a file that is too large to be read.
    if (patch.kind === "modify" && patch.edit.kind === "none" && state.type === "file") {
      return { ...state, mode: changeMode(state.mode, patch.newMode) };
    }
    return makeState(state, this.#edit(path, contentOf(path, state), patch), patch.newMode);
  }

  /** `old` undefined: the file is new. */
  #edit(path: string, old: Uint8Array | undefined, { edit, kind }: FilePatch): Uint8Array {
    switch (edit.kind) {
      case "none":
      case "any_content":
        return old ?? Buffer.of();
      case "binary":
        return applyBinary(edit, { path, old, isDeletion: kind === "delete" });
      case "hunks":
        return this.#applyHunks(path, old, edit);
    }
  }

  #applyHunks(path: string, old: Uint8Array | undefined, { hunks }: Edit & { kind: "hunks" }): Buffer {
    const content = Buffer.from(old ?? []).toString("latin1");
    return Buffer.from(applyHunks(path, content, hunks, this.#budget), "latin1");
  }
}

/** A link's target is no content that a file's patch is meant for, and the other way round. */
function checkType(path: string, { type }: FileState, patch: FilePatch, mode: GitMode | undefined): void {
  if (type === "missing") throw rejectPatch({ path }, "there is no such file");
  if (type === "directory" || type === "other") throw rejectPatch({ path }, "it is no file");
  if (isForAnyType(patch)) return;
  if (type === "symlink" && mode !== GIT_SYMLINK) {
    throw rejectPatch({ path }, "it is a symbolic link; patch the file that it leads to");
  }
  if (type === "file" && mode === GIT_SYMLINK) throw rejectPatch({ path }, "it is no symbolic link");
}

/** It says nothing about content or mode. */
function isForAnyType({ edit, newMode }: FilePatch): boolean {
  if (newMode !== undefined) return false;
  return (
    edit.kind === "none" || edit.kind === "any_content" || (edit.kind === "hunks" && edit.hunks.length === 0)
  );
}

function hasOnlyNewLines({ edit }: FilePatch): boolean {
  return edit.kind === "hunks" && edit.hunks.every(({ lines }) => lines.every(({ op }) => op === "+"));
}
