// Applies a patch to a workspace: read everything it touches, work out what becomes of it, write all or nothing.

import { toPyroError, PyroError } from "../../contract/errors.js";
import type { GuestFiles } from "../../guest/files.js";
import { type FilePatch, type Hunk, invert } from "./file-patch.js";
import type { FileState } from "./file-state.js";
import { parsePatch } from "./parse-patch.js";
import { type PatchedEntry, planChanges, type PlannedChanges } from "./plan-changes.js";
import { planPatch } from "./plan-patch.js";
import { readOriginals } from "./read-originals.js";

export interface PatchRequest {
  readonly patch: Uint8Array | string;
  readonly files: GuestFiles;
  readonly signal?: AbortSignal | undefined;
}

export interface PatchResult {
  /** False: the patch changes nothing. */
  readonly changed: boolean;
  readonly summary: {
    readonly total: number;
    readonly added: number;
    readonly modified: number;
    readonly deleted: number;
    readonly renamed: number;
  };
  readonly entries: readonly PatchedEntry[];
}

/**
 * Errors: `invalid_input` and `path_outside_workspace` for what is no patch for a workspace, `patch_rejected` when it
 * does not fit, `conflict` when files change all the time, and those of GuestFiles. Then nothing has changed.
 */
export async function applyPatch({ patch, files, signal }: PatchRequest): Promise<PatchResult> {
  const patches = parsePatch(patch);
  try {
    return summarise(await applyOnce(patches, files, signal));
  } catch (error) {
    if (toPyroError(error).code !== "conflict") throw error;
    // A process of the guest has changed a file in between: the patch may well fit to what is there now.
    return summarise(await applyOnce(patches, files, signal));
  }
}

async function applyOnce(
  patches: readonly FilePatch[],
  files: GuestFiles,
  signal: AbortSignal | undefined,
): Promise<PlannedChanges> {
  const originals = await readOriginals(patches, files, signal);
  const planned = plan(patches, originals);
  if (planned.changes.length > 0) await files.apply(planned.changes, signal);
  return planned;
}

function plan(patches: readonly FilePatch[], originals: ReadonlyMap<string, FileState>): PlannedChanges {
  try {
    return planChanges(planPatch(patches, originals), originals);
  } catch (error) {
    const rejection = toPyroError(error);
    if (rejection.code !== "patch_rejected" || !isApplied(patches, originals)) throw error;
    throw new PyroError("patch_rejected", `the patch is already applied (${rejection.message})`, {
      hint: "Nothing needs to be done; nothing was changed.",
      details: { ...rejection.details, already_applied: true },
      cause: error,
    });
  }
}

/** What undoes the patch would fit. */
function isApplied(patches: readonly FilePatch[], originals: ReadonlyMap<string, FileState>): boolean {
  const inverse = patches.map(invert).reverse();
  // A hunk that only adds lines fits anywhere: it proves nothing.
  if (
    inverse.some(({ kind, edit }) => kind !== "add" && edit.kind === "hunks" && edit.hunks.some(onlyAdds))
  ) {
    return false;
  }
  try {
    planPatch(inverse, originals);
    return true;
  } catch (error) {
    if (["patch_rejected", "invalid_input"].includes(toPyroError(error).code)) return false;
    throw error;
  }
}

function onlyAdds({ lines }: Hunk): boolean {
  return lines.every(({ op }) => op === "+");
}

function summarise({ entries }: PlannedChanges): PatchResult {
  const count = (status: PatchedEntry["status"]) => entries.filter((entry) => entry.status === status).length;
  return {
    changed: entries.length > 0,
    summary: {
      total: entries.length,
      added: count("added"),
      modified: count("modified"),
      deleted: count("deleted"),
      renamed: count("renamed"),
    },
    entries,
  };
}
