// What changes a workspace, or tells what has changed: `workspace diff`, `patch apply`, `sync push`.

import type { ResultOf } from "../../../operations/registry.js";
import { oneLine, statusLine } from "../lines.js";
import type { Rendering } from "../rendering.js";
import { formatSkipped } from "./skipped.js";

export function renderDiff(result: ResultOf<"workspace_diff">): Rendering {
  const line = statusLine("workspace-diff", {
    workspace_id: result.workspace_id,
    changed: result.changed,
    ...result.summary,
    ignored: result.ignored.reduce((sum, { entry_count: count }) => sum + count, 0),
    patch_truncated: result.patch_truncated ? "yes" : null,
    patch_redacted: result.patch_redacted ? "yes" : null,
  });
  const beside = result.entries.filter((entry) => !entry.in_patch).map(formatEntry);
  return { content: result.patch, stderr: beside.join("") + line };
}

function formatEntry(entry: ResultOf<"workspace_diff">["entries"][number]): string {
  const facts =
    entry.status === "mode_changed"
      ? [entry.old_mode, entry.mode]
      : [entry.old_size_bytes, entry.size_bytes].map((size) => (size === null ? null : `${size} bytes`));
  const shown = facts.filter((fact) => fact !== null).join(" -> ");
  return `${entry.status} ${entry.artifact_type} ${oneLine(entry.path)}${shown === "" ? "" : ` (${shown})`}\n`;
}

export function renderPatch(result: ResultOf<"workspace_patch_apply">): Rendering {
  const line = statusLine("workspace-patch", {
    workspace_id: result.workspace_id,
    changed: result.changed,
    ...result.summary,
  });
  const entries = result.entries.map(
    ({ status, path, old_path: before }) =>
      `${status} ${before === undefined ? "" : `${oneLine(before)} -> `}${oneLine(path)}\n`,
  );
  return { stdout: line + entries.join("") };
}

export function renderSync(result: ResultOf<"workspace_sync_push">): Rendering {
  const { skipped, skipped_count: skippedCount, ...sync } = result.workspace_sync;
  const line = statusLine("workspace-sync", {
    workspace_id: result.workspace_id,
    execution_mode: result.execution_mode,
    ...sync,
  });
  return { stdout: line, stderr: formatSkipped(skipped, skippedCount) };
}
