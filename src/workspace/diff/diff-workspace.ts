// What has changed in a workspace since its baseline, as a list and as a patch for `git apply`.

import { tmpdir } from "node:os";
import type { GuestFiles } from "../../guest/files.js";
import type { SeedEntry } from "../../seed/seed.js";
import { readBaselineTree } from "./baseline-tree.js";
import type { DiffEntry, DiffResult, DiffSummary } from "./diff-result.js";
import { examine } from "./examine.js";
import { type Place, unhideDeletions } from "./hidden-deletions.js";
import { PatchWriter } from "./patch-writer.js";
import type { ReadBaseline } from "./side.js";
import { findSuspects } from "./suspects.js";
import { readWorkspaceTree, type Untracked } from "./workspace-tree.js";

export interface DiffRequest {
  readonly baseline: {
    readonly entries: readonly SeedEntry[];
    /** Paths of those that no checkout of the user's has: they count only where git does not ignore them. */
    readonly untracked?: Untracked;
    /** Never called for a file without offset. */
    readonly readContent: ReadBaseline;
  };
  readonly files: GuestFiles;
  /** The baseline comes from a Git checkout, whose ignored files were left out. */
  readonly isGitSeed: boolean;
  readonly includeIgnored: boolean;
  readonly includePatch: boolean;
  /** Content that is no text is in the patch too, as git's binary patches. */
  readonly includeBinary: boolean;
  /** Only this path and what is below it, relative to /workspace; absent: all. */
  readonly path?: string | undefined;
  /** Absent: 16 MiB. */
  readonly maxPatchBytes?: number;
  /** An existing directory for temporary files; absent: the system's. */
  readonly scratchDir?: string;
  readonly signal?: AbortSignal | undefined;
}

const MAX_PATCH_BYTES = 16 * 1024 * 1024;

interface ExaminedPlace extends Place {
  readonly entry: DiffEntry;
  readonly isPatched: boolean;
}

/** Errors: `path_not_found`, `invalid_input` for `path`, and those of GuestFiles. */
export async function diffWorkspace(request: DiffRequest): Promise<DiffResult> {
  const { files, signal, includeBinary, path = "" } = request;
  const { scratchDir = tmpdir(), maxPatchBytes = MAX_PATCH_BYTES } = request;
  const { entries: seedEntries, readContent, untracked = new Map() } = request.baseline;
  const baseline = readBaselineTree(seedEntries, path);
  const honorGitignore = !request.includeIgnored && (request.isGitSeed || (await hasGit(files, signal)));
  const tree = await readWorkspaceTree({ files, baseline, untracked, path, honorGitignore, signal });
  const suspects = findSuspects(baseline, tree);

  await using writer = new PatchWriter({ scratchDir, includeBinary, maxPatchBytes, signal });
  const places: ExaminedPlace[] = [];
  const options = { files, readContent, includeBinary, filled: tree.filled, signal };
  for await (const { suspect, change } of examine(suspects, options)) {
    for (const section of change.sections) {
      // A deletion comes before what takes its place.
      const number = places.length * 2 + (section.nowMode === undefined ? 0 : 1);
      if (request.includePatch) await writer.add(number, section);
    }
    const adds = change.sections.some(({ oldMode }) => oldMode === undefined);
    places.push({ ...change, path: suspect.path, old: suspect.old, adds });
  }
  const { deletions, unreachable } = await unhideDeletions(places, readContent);
  if (request.includePatch) for (const { index, section } of deletions) await writer.add(index * 2, section);
  const { patch, truncated } = await writer.finish(unreachable);
  return {
    summary: summarise(places, unreachable),
    entries: places.map(({ entry }) => entry),
    ignored: tree.ignored,
    patch,
    patchTruncated: truncated,
  };
}

async function hasGit(files: GuestFiles, signal: AbortSignal | undefined): Promise<boolean> {
  const [git] = await files.stat([".git"], signal);
  return git !== undefined;
}

function summarise(places: readonly ExaminedPlace[], unreachable: ReadonlySet<string>): DiffSummary {
  const count = (isCounted: (place: ExaminedPlace) => boolean) => places.filter(isCounted).length;
  const textPatched = count(({ path, isPatched }) => isPatched && !unreachable.has(path));
  return {
    total: places.length,
    added: count(({ entry }) => entry.status === "added"),
    modified: count(({ entry }) => entry.status === "modified"),
    deleted: count(({ entry }) => entry.status === "deleted"),
    typeChanged: count(({ entry }) => entry.status === "type_changed"),
    modeChanged: count(({ entry }) => entry.status === "mode_changed"),
    textPatched,
    nonText: places.length - textPatched,
  };
}
