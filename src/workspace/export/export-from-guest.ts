// Gets a file or a directory out of a hostile guest: received into a staging directory beside the output, which
// gets the output's name when it is whole.

import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import type { GuestEntry, GuestFiles } from "../../guest/files.js";
import { PATH_MAX_BYTES } from "../../platform/byte-path.js";
import { SkippedPaths } from "../../seed/freeze/skipped-paths.js";
import type { SkippedPath } from "../../seed/seed.js";
import { followLinks } from "../files/follow-links.js";
import { formatWorkspacePath, resolveWorkspacePath } from "../files/workspace-path.js";
import { ExportBudget, type ExportProgress } from "./export-budget.js";
import { ExportReceiver, type ExportReceiverOptions, type ReceivedExport } from "./export-receiver.js";
import { HeldDirectory } from "./held-directory.js";
import { keptMode, keptTimes } from "./kept-attributes.js";
import { judgeOutputPath, type OutputPath, type OutputRules } from "./output-path.js";
import { placeOutput } from "./place-output.js";
import { StagedTree } from "./staged-tree.js";
import { makeStaging, NEW_NAME, type StagingJournal } from "./staging.js";
import { throughStaging } from "./through-staging.js";

export interface ExportRequest extends OutputRules {
  readonly files: GuestFiles;
  /** In the workspace, as the user gave it; a link is followed. */
  readonly path: string;
  /** Absolute path of the host. Its parent exists. */
  readonly outputPath: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExportProgress) => void;
  readonly journal: StagingJournal;
}

export interface ExportResult {
  readonly workspacePath: string;
  readonly outputPath: string;
  readonly artifactType: "file" | "directory";
  /** Entries made; the exported directory itself does not count. */
  readonly entryCount: number;
  /** Of files' contents; holes do not count. */
  readonly bytesWritten: number;
  /** The first thousand of what was left out; paths are relative to what was exported. */
  readonly skipped: readonly SkippedPath[];
  readonly skippedCount: number;
}

/**
 * Whole or not at all: when this rejects, nothing of it is left, and what was there before is there again. Errors:
 * `path_not_found`, `path_outside_workspace`, `export_refused`, `conflict` when the path changes meanwhile,
 * `out_of_disk`, `storage_unavailable`, `invalid_input`, and those of GuestFiles.
 */
export async function exportFromGuest(request: ExportRequest): Promise<ExportResult> {
  const { files, signal } = request;
  const { path: exported } = await followLinks(files, resolveWorkspacePath(request.path), signal);
  const output = await judgeOutputPath(request.outputPath, request);
  return throughStaging(request.journal, output, (stagingPath) =>
    exportThrough(stagingPath, output, exported, request),
  );
}

async function exportThrough(
  stagingPath: string,
  output: OutputPath,
  exported: string,
  request: ExportRequest,
): Promise<ExportResult> {
  await using parent = await HeldDirectory.open(output.parentDir);
  await using staging = await makeStaging(stagingPath);
  const staged = path.join(staging.path, NEW_NAME);
  const skipped = new SkippedPaths();
  const budget = new ExportBudget(staging.path, output.given, request.onProgress);
  const maxPathBytes = longestPathBelow(output, stagingPath);
  const receiving = { exported, tree: new StagedTree(staged), maxPathBytes, budget, skipped };
  const { root, entryCount, bytesWritten } = await receiveTree(receiving, request);
  const artifactType = judgeRoot(root, exported, skipped);
  // Held before it gets its name: from then on others may reach it.
  await using directory = artifactType === "directory" ? await HeldDirectory.open(staged) : undefined;
  await placeOutput({ parentDir: parent.path, stagingDir: staging.path, output, artifactType });
  if (root) await directory?.setAttributes(keptMode(root), keptTimes(root));
  await parent.sync();
  return {
    workspacePath: formatWorkspacePath(exported),
    outputPath: output.given,
    artifactType,
    entryCount,
    bytesWritten,
    skipped: skipped.named,
    skippedCount: skipped.count,
  };
}

async function receiveTree(
  options: ExportReceiverOptions,
  { files, signal }: ExportRequest,
): Promise<ReceivedExport> {
  await options.budget.check();
  await using receiver = new ExportReceiver(options);
  for await (const thing of files.fetch([options.exported], { recursive: true }, signal)) {
    signal.throwIfAborted();
    await receiver.receive(thing);
  }
  const received = await receiver.finish();
  await options.budget.check();
  return received;
}

function judgeRoot(
  root: GuestEntry | undefined,
  exported: string,
  skipped: SkippedPaths,
): "file" | "directory" {
  const shown = formatWorkspacePath(exported);
  switch (root?.type) {
    case "directory":
      return "directory";
    case "file":
      if (skipped.count === 0) return "file";
      throw new PyroError("conflict", `${shown} was not exported: ${skipped.named[0]?.reason}`);
    case "symlink":
      throw new PyroError("conflict", `${shown} has become a link meanwhile`);
    case "other":
      throw new PyroError("export_refused", `${shown} is a device, FIFO or socket`, {
        hint: "Export a file or a directory.",
      });
    case undefined:
      throw new PyroError("path_not_found", `there is no ${shown}`);
  }
}

/** In the staging directory and under its own name the tree must stay within what system calls take. */
function longestPathBelow({ parentDir, name }: OutputPath, stagingPath: string): number {
  const roots = [path.join(parentDir, name), path.join(stagingPath, NEW_NAME)];
  return PATH_MAX_BYTES - Math.max(...roots.map((root) => Buffer.byteLength(`${root}/`)));
}
