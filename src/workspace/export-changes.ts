// All that a state of a workspace has over its environment, as a tar: taken from a guest that is started on it for this.

import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { randomUUID } from "node:crypto";
import { PyroError } from "../contract/errors.js";
import { Scope } from "../platform/scope.js";
import { WorkspaceSecrets } from "./secrets/workspace-secrets.js";
import { findOrigin } from "./snapshots.js";
import { startGuest, type StartParts } from "./start-guest.js";
import type { Workspace } from "./workspace.js";

export interface ExportChangesRequest {
  readonly workspace: Workspace;
  readonly snapshotName: string;
  /** Where the tar is meanwhile. */
  readonly scratchDir: string;
  readonly signal: AbortSignal;
}

export interface Changes {
  /** Path of the tar. */
  readonly tar: string;
  /** Of the state, Unix seconds. */
  readonly createdAt: number;
}

/** Calls `use` with the changes, which are gone afterwards; so is the guest, before `use` begins. */
export async function exportChanges<Result>(
  parts: StartParts,
  request: ExportChangesRequest,
  use: (changes: Changes) => Promise<Result>,
): Promise<Result> {
  const { workspace, snapshotName, scratchDir, signal } = request;
  const { from, what, createdAt } = findOrigin(workspace.record, snapshotName);
  await using scope = new Scope();
  const directory = path.join(scratchDir, `image-${randomUUID()}`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  scope.defer(() => rm(directory, { recursive: true, force: true }));
  const tar = path.join(directory, "changes.tar");
  // Nothing runs in it: it needs no network and no secrets.
  const record = { ...workspace.record, networkPolicy: "off" } as const;
  const secrets = WorkspaceSecrets.NONE;
  const guest = await startGuest(parts, { record, from, what, replaces: undefined, secrets, signal });
  try {
    if (!guest.machine.exportChanges) {
      throw new PyroError("conflict", "a workspace on the host itself cannot be made an image");
    }
    await guest.machine.exportChanges(tar, signal);
  } finally {
    await parts.guests.remove(guest);
  }
  return await use({ tar, createdAt });
}
