// All that a state of a workspace has over its environment, as a tar: taken from a guest that is started on it for this.

import { mkdir, rm } from "node:fs/promises";
import { totalmem } from "node:os";
import path from "node:path";
import { randomUUID } from "node:crypto";
import { PyroError } from "../contract/errors.js";
import { MEM_MIB } from "../contract/limits.js";
import { Scope } from "../platform/scope.js";
import { WorkspaceSecrets } from "./secrets/workspace-secrets.js";
import { explainDeath } from "../fleet/explain-death.js";
import { findOrigin, type Origin } from "./snapshots.js";
import { startGuest, type StartParts } from "./start-guest.js";
import type { Workspace } from "./workspace.js";

const MIB = 1024 * 1024;
/** Of the host's memory, at most one part in this many goes to the guest that writes. */
const HOST_SHARE = 2;

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
  const { workspace, snapshotName, scratchDir } = request;
  const { from, what, createdAt } = findOrigin(workspace.record, snapshotName);
  await using scope = new Scope();
  const directory = path.join(scratchDir, `image-${randomUUID()}`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  scope.defer(() => rm(directory, { recursive: true, force: true }));
  const tar = path.join(directory, "changes.tar");
  await writeChanges(parts, { ...request, from, what }, tar);
  return await use({ tar, createdAt });
}

type StateRequest = ExportChangesRequest & Pick<Origin, "from" | "what">;

/**
 * The engine holds a whole file in memory while it writes it, holes included: what a guest of the workspace's size
 * cannot write, one with more memory can.
 */
async function writeChanges(parts: StartParts, request: StateRequest, tar: string): Promise<void> {
  const largestMib = Math.min(MEM_MIB.max, totalmem() / HOST_SHARE / MIB);
  for (let { memMib } = request.workspace.record; ; memMib *= 2) {
    try {
      await writeOnce(parts, request, memMib, tar);
      return;
    } catch (error) {
      if (!(error instanceof PyroError) || error.code !== "guest_out_of_memory") throw error;
      if (memMib * 2 > largestMib) {
        throw new PyroError(
          "guest_out_of_memory",
          `the ${request.what} has a file that is larger than the memory a guest can have here`,
          { hint: "Make an image of a state without it, or on a host with more memory.", cause: error },
        );
      }
      await rm(tar, { force: true });
    }
  }
}

async function writeOnce(
  parts: StartParts,
  { workspace, from, what, signal }: StateRequest,
  memMib: number,
  tar: string,
): Promise<void> {
  // Nothing runs in it: it needs no network and no secrets.
  const record = { ...workspace.record, memMib, networkPolicy: "off" } as const;
  const secrets = WorkspaceSecrets.NONE;
  const guest = await startGuest(parts, { record, from, what, replaces: undefined, secrets, signal });
  try {
    if (!guest.machine.exportChanges) {
      throw new PyroError("conflict", "a workspace on the host itself cannot be made an image");
    }
    await guest.machine.exportChanges(tar, signal);
  } catch (error) {
    if (error instanceof PyroError && error.code === "guest_died")
      throw await explainDeath(guest.machine, error, "while its files were written");
    throw error;
  } finally {
    await parts.guests.remove(guest);
  }
}
