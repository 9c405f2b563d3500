// The states that a workspace can go back to, by their names.

import { PyroError } from "../contract/errors.js";
import { BASELINE } from "../contract/limits.js";
import type { OriginLayer, Snapshot, WorkspaceRecord } from "./workspace-record.js";

/** Throws snapshot_not_found, with the names that there are. */
export function findSnapshot({ id, snapshots }: WorkspaceRecord, name: string): Snapshot {
  const found = snapshots.find((each) => each.name === name);
  if (found) return found;
  throw new PyroError("snapshot_not_found", `the workspace ${id} has no snapshot ${name}`, {
    details: { snapshots: [BASELINE, ...snapshots.map((each) => each.name)] },
  });
}

export interface Origin {
  readonly from: OriginLayer;
  /** In words. */
  readonly what: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** Where a reset to the state of this name begins. */
export function findOrigin(record: WorkspaceRecord, name: string): Origin {
  if (name === BASELINE) {
    return { from: { kind: "baseline" }, what: BASELINE, createdAt: record.createdAt };
  }
  const { layer, createdAt } = findSnapshot(record, name);
  return { from: { kind: "captured", id: layer }, what: `snapshot ${name}`, createdAt };
}

/** Throws conflict when there is one of this name. */
export function checkNewSnapshot({ id, snapshots }: WorkspaceRecord, name: string): void {
  if (!snapshots.some((each) => each.name === name)) return;
  throw new PyroError("conflict", `the workspace ${id} has a snapshot ${name} already`, {
    hint: "Choose another name, or delete that snapshot.",
  });
}
