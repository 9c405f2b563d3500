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

/** Where a reset to the state of this name begins, and what that is in words. */
export function findOrigin(
  record: WorkspaceRecord,
  name: string,
): { readonly from: OriginLayer; readonly what: string } {
  if (name === BASELINE) return { from: { kind: "baseline" }, what: BASELINE };
  return { from: { kind: "captured", id: findSnapshot(record, name).layer }, what: `snapshot ${name}` };
}

/** Throws conflict when there is one of this name. */
export function checkNewSnapshot({ id, snapshots }: WorkspaceRecord, name: string): void {
  if (!snapshots.some((each) => each.name === name)) return;
  throw new PyroError("conflict", `the workspace ${id} has a snapshot ${name} already`, {
    hint: "Choose another name, or delete that snapshot.",
  });
}
