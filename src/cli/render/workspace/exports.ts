// `workspace export` and the snapshots.

import type { ResultOf } from "../../../operations/registry.js";
import { statusLine } from "../lines.js";
import type { Rendering } from "../rendering.js";
import { formatTime } from "../sizes.js";
import { formatSkipped } from "./skipped.js";

export function renderExport(result: ResultOf<"workspace_export">): Rendering {
  const line = statusLine("workspace-export", {
    workspace_id: result.workspace_id,
    workspace_path: result.workspace_path,
    output_path: result.output_path,
    artifact_type: result.artifact_type,
    entry_count: result.entry_count,
    bytes_written: result.bytes_written,
  });
  return { stdout: line, stderr: formatSkipped(result.skipped, result.skipped_count) };
}

export function renderDiskExport(result: ResultOf<"workspace_disk_export">): Rendering {
  return {
    stdout: statusLine("workspace-disk-export", {
      workspace_id: result.workspace_id,
      output_path: result.output_path,
      disk_format: result.disk_format,
      size_bytes: result.size_bytes,
      bytes_written: result.bytes_written,
    }),
  };
}

export function renderSnapshot(result: ResultOf<"snapshot_create">): Rendering {
  return { stdout: formatSnapshot(result.workspace_id, result.snapshot) };
}

export function renderSnapshots(result: ResultOf<"snapshot_list">): Rendering {
  return { stdout: result.snapshots.map((each) => formatSnapshot(result.workspace_id, each)).join("") };
}

export function renderSnapshotDeleted(result: ResultOf<"snapshot_delete">): Rendering {
  const { workspace_id: workspaceId, snapshot_name: name, deleted } = result;
  return {
    stdout: statusLine("workspace-snapshot", { workspace_id: workspaceId, snapshot_name: name, deleted }),
  };
}

export function renderSnapshotExport(result: ResultOf<"snapshot_export">): Rendering {
  const { workspace_id, snapshot_name, output, kind, digest, reference, layers, size_bytes } = result;
  const fields = { workspace_id, snapshot_name, output, kind, layers: layers.length, size_bytes };
  return { stdout: statusLine("workspace-snapshot", { ...fields, digest, reference }) };
}

function formatSnapshot(workspaceId: string, snapshot: ResultOf<"snapshot_create">["snapshot"]): string {
  return statusLine("workspace-snapshot", {
    workspace_id: workspaceId,
    snapshot_name: snapshot.snapshot_name,
    kind: snapshot.kind,
    created: formatTime(snapshot.created_at),
    size_bytes: snapshot.size_bytes,
    deletable: snapshot.deletable,
  });
}
