// A difference in the contract's words.

import type { ResultOf } from "../../operations/registry.js";
import type { DiffEntry, DiffResult, DiffSummary } from "../../workspace/diff/diff-result.js";
import { decodeBytePath } from "../../workspace/files/workspace-path.js";

type Diff = ResultOf<"workspace_diff">;

export function formatDiffSummary(summary: DiffSummary): Diff["summary"] {
  return {
    total: summary.total,
    added: summary.added,
    modified: summary.modified,
    deleted: summary.deleted,
    type_changed: summary.typeChanged,
    mode_changed: summary.modeChanged,
    text_patched: summary.textPatched,
    non_text: summary.nonText,
  };
}

export function formatDiffEntry(entry: DiffEntry): Diff["entries"][number] {
  return {
    path: decodeBytePath(entry.path),
    status: entry.status,
    artifact_type: entry.artifactType,
    old_size_bytes: entry.oldSizeBytes ?? null,
    size_bytes: entry.sizeBytes ?? null,
    old_mode: formatMode(entry.oldMode),
    mode: formatMode(entry.mode),
    in_patch: entry.isPatched,
  };
}

/** Octal, such as `0644`. */
function formatMode(mode: number | undefined): string | null {
  return mode === undefined ? null : mode.toString(8).padStart(4, "0");
}

export function formatDiff(
  { summary, entries, ignored, patch, patchTruncated }: DiffResult,
  includePatch: boolean,
): Omit<Diff, "workspace_id" | "patch_redacted" | "recovery"> {
  return {
    changed: summary.total > 0,
    summary: formatDiffSummary(summary),
    entries: entries.map(formatDiffEntry),
    ignored: ignored.map(({ path, entryCount }) => ({ path: decodeBytePath(path), entry_count: entryCount })),
    patch: includePatch ? patch : "",
    patch_truncated: patchTruncated,
  };
}
