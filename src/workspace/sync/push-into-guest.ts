// Brings a host directory or archive into a guest's workspace: only what differs, all of it or nothing.

import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import type { GuestFiles } from "../../guest/files.js";
import { makeDirectories } from "../../platform/make-directories.js";
import type { SkippedPath } from "../../seed/seed.js";
import { formatWorkspacePath, resolveWorkspacePath } from "../files/workspace-path.js";
import { findEqual } from "./find-equal.js";
import { type PushDestination, readDestination } from "./push-destination.js";
import { PushChanges } from "./push-changes.js";
import { findDoubtful, planPush } from "./push-plan.js";
import { SentMeter } from "./sent-meter.js";
import { type SourceRequest, type SourceView, viewSource } from "./source-view.js";

/** What a push needs to know about its host. */
export interface PushHost extends Pick<SourceRequest, "ownDirs" | "homeDir"> {
  /**
   * A directory of ours for the contents of archives, made when it is missing. A push that was killed may leave
   * something in it: whoever starts anew removes it as a whole.
   */
  readonly scratchDir: string;
}

export interface PushRequest {
  readonly files: GuestFiles;
  /** Absolute: a directory, .tar, .tar.gz or .tgz. */
  readonly sourcePath: string;
  /** Directory of the workspace, as the user gave it; it is made when it is missing. */
  readonly dest: string;
  readonly host: PushHost;
  readonly signal: AbortSignal;
  /** Bytes of content that were sent. */
  readonly onProgress: (progress: { readonly bytes: number }) => void;
}

export interface PushResult {
  readonly mode: "directory" | "tar_archive";
  readonly sourcePath: string;
  /** Absolute, in the workspace. */
  readonly destination: string;
  /** Entries of the source, without .git. */
  readonly entryCount: number;
  /** Sizes of the files that were written. */
  readonly bytesWritten: number;
  /** Entries that the workspace had already. */
  readonly unchangedCount: number;
  /** The first thousand of what was left out; paths are relative to the source. */
  readonly skipped: readonly SkippedPath[];
  readonly skippedCount: number;
}

/**
 * Adds to the workspace and replaces in it what the source has otherwise; what only the workspace has stays, and so
 * does every .git. When this rejects, the workspace is as it was. Errors: `seed_unusable`, `invalid_input`,
 * `path_outside_workspace`, `conflict` when the source changes meanwhile, and those of GuestFiles.
 */
export async function pushIntoGuest(request: PushRequest): Promise<PushResult> {
  const { files, host, sourcePath, signal } = request;
  const asked = resolveWorkspacePath(request.dest);
  await makeDirectories(host.scratchDir, 0o700);
  const scratchDir = await mkdtemp(path.join(host.scratchDir, "push-"));
  try {
    // The host looks at its files while the guest looks at its own. Both have ended before the scratch directory goes.
    const [view, destination] = await Promise.allSettled([
      viewSource({ ...host, sourcePath, signal, scratchDir }),
      readDestination(files, asked, signal),
    ]);
    return await pushView(unwrap(view), unwrap(destination), scratchDir, request);
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}

function unwrap<Value>(outcome: PromiseSettledResult<Value>): Value {
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}

async function pushView(
  { mode, entries, skipped }: SourceView,
  { path: dest, exists, tree }: PushDestination,
  scratchDir: string,
  { files, sourcePath, signal, onProgress }: PushRequest,
): Promise<PushResult> {
  const equal = await findEqual(findDoubtful(entries, dest, tree), { files, dest, scratchDir, signal });
  const { steps, unchangedCount } = planPush(entries, dest, tree, equal);
  const meter = new SentMeter(onProgress);
  const onSent = (bytes: number) => meter.add(bytes);
  const changes = new PushChanges(steps, { dest, makeDest: !exists, scratchDir, skipped, signal, onSent });
  const bytesWritten = exists && steps.length === 0 ? 0 : (await files.apply(changes, signal)).bytesWritten;
  meter.tell();
  return {
    mode,
    sourcePath,
    destination: formatWorkspacePath(dest),
    entryCount: entries.length,
    bytesWritten,
    unchangedCount,
    skipped: skipped.named,
    skippedCount: skipped.count,
  };
}
