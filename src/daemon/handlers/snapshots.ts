// The operations on snapshots.

import { PyroError } from "../../contract/errors.js";
import { BASELINE } from "../../contract/limits.js";
import type { ResultOf } from "../../operations/registry.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { Snapshot } from "../../workspace/workspace-record.js";
import type { Handler } from "../handler.js";
import { untoldRecovery } from "./workspace-record.js";

type SnapshotResult = ResultOf<"snapshot_list">["snapshots"][number];

export const createSnapshot: Handler<"snapshot_create"> = async ({ workspaces }, input, { signal }) => {
  if (input.snapshot_name === BASELINE) {
    throw new PyroError("invalid_input", `${BASELINE} is the seed's own snapshot: choose another name`);
  }
  const workspace = workspaces.get(input.workspace_id);
  const snapshot = await workspace.createSnapshot(input.snapshot_name, signal);
  return {
    workspace_id: workspace.id,
    snapshot: formatSnapshot(snapshot),
    ...untoldRecovery(workspace),
  };
};

export const listSnapshots: Handler<"snapshot_list"> = ({ workspaces }, input) => {
  const workspace = workspaces.get(input.workspace_id);
  const snapshots = formatSnapshots(workspace);
  return Promise.resolve({ workspace_id: workspace.id, count: snapshots.length, snapshots });
};

export const deleteSnapshot: Handler<"snapshot_delete"> = async ({ workspaces }, input) => {
  if (input.snapshot_name === BASELINE) {
    throw new PyroError("invalid_input", `${BASELINE} belongs to the workspace and cannot be deleted`);
  }
  const workspace = workspaces.get(input.workspace_id);
  await workspace.deleteSnapshot(input.snapshot_name);
  return { workspace_id: workspace.id, snapshot_name: input.snapshot_name, deleted: true };
};

/** The baseline first, then the newest. */
export function formatSnapshots({ record }: Workspace): SnapshotResult[] {
  const baseline: SnapshotResult = {
    snapshot_name: BASELINE,
    kind: "baseline",
    created_at: record.createdAt,
    size_bytes: record.seed.contentBytes,
    deletable: false,
  };
  const named = [...record.snapshots].sort((left, right) => right.createdAt - left.createdAt);
  return [baseline, ...named.map(formatSnapshot)];
}

function formatSnapshot({ name, createdAt, sizeBytes }: Snapshot): SnapshotResult {
  return {
    snapshot_name: name,
    kind: "named",
    created_at: createdAt,
    size_bytes: sizeBytes,
    deletable: true,
  };
}
