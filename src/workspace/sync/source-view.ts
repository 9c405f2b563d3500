// What of a host directory or archive a push would send: what a seed of it would hold, but for every .git.

import { Scope } from "../../platform/scope.js";
import { surveySource } from "../../seed/freeze/survey-source.js";
import type { PlannedEntry } from "../../seed/freeze/plan.js";
import type { SkippedPaths } from "../../seed/freeze/skipped-paths.js";

export interface SourceRequest {
  /** Absolute path of the host: a directory, or a tar archive, plain or gzipped. */
  readonly sourcePath: string;
  /** A new directory, which takes what an archive holds. It belongs to the caller, and is needed with the view. */
  readonly scratchDir: string;
  /** Directories of ours, such as the state: no part of any project. */
  readonly ownDirs: readonly string[];
  /** Where the user's Git configuration is. */
  readonly homeDir: string;
  readonly signal: AbortSignal;
}

export interface SourceView {
  readonly mode: "directory" | "tar_archive";
  /** In order of the paths' bytes, with all parents. */
  readonly entries: readonly PlannedEntry[];
  readonly skipped: SkippedPaths;
}

/** Errors: those of a seed, such as `seed_unusable`. */
export async function viewSource(request: SourceRequest): Promise<SourceView> {
  const { sourcePath, scratchDir: seedDir, ownDirs, homeDir, signal } = request;
  // It ends with the plan, and with it the packing of a repository, which nobody wants here.
  await using scope = new Scope();
  const survey = await surveySource({
    request: { sourcePath, seedDir, knownFingerprint: undefined, ownDirs, tarBudgetBytes: 0, homeDir },
    signal,
    onProgress: () => undefined,
    startedAtMs: Date.now(),
    scope,
  });
  const { entries } = await survey.plan();
  return {
    mode: survey.origin.mode === "tar_archive" ? "tar_archive" : "directory",
    entries: entries.filter(({ path }) => !path.split("/").includes(".git")),
    skipped: survey.skipped,
  };
}
