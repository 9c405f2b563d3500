// Files of workspaces: looking, reading, writing, patches, differences, and what crosses the border to the host.

import { homedir } from "node:os";
import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import type { OnEvent } from "../../contract/events.js";
import { diffBaseline } from "../../workspace/diff-baseline.js";
import { exportFromGuest } from "../../workspace/export/export-from-guest.js";
import { listFiles } from "../../workspace/files/list-files.js";
import { readFile } from "../../workspace/files/read-file.js";
import { decodeBytePath, resolveWorkspacePath } from "../../workspace/files/workspace-path.js";
import { writeFile } from "../../workspace/files/write-file.js";
import { applyPatch } from "../../workspace/patch/apply-patch.js";
import { pushIntoGuest, type PushHost } from "../../workspace/sync/push-into-guest.js";
import type { Handler } from "../handler.js";
import type { Services } from "../services.js";
import { formatDiff } from "./diff-result.js";
import { executionModeOf, untoldRecovery } from "./workspace-record.js";

export const listWorkspaceFiles: Handler<"workspace_file_list"> = async ({ workspaces }, input, context) => {
  const workspace = workspaces.get(input.workspace_id);
  const { recursive } = input;
  const listed = await workspace.look(context.signal, (files, signal) =>
    listFiles({ files, path: input.path, recursive, signal }),
  );
  return {
    workspace_id: workspace.id,
    path: listed.path,
    recursive,
    entries: listed.entries.map((entry) => ({
      path: entry.path,
      artifact_type: entry.artifactType,
      size_bytes: entry.sizeBytes,
      link_target: entry.linkTarget,
      mode: entry.mode,
    })),
    truncated: listed.truncated,
    ...untoldRecovery(workspace),
  };
};

export const readWorkspaceFile: Handler<"workspace_file_read"> = async ({ workspaces }, input, context) => {
  const workspace = workspaces.get(input.workspace_id);
  const { offset, max_bytes: maxBytes } = input;
  const text = await workspace.look(context.signal, (files, signal) =>
    readFile({ files, path: input.path, offset, maxBytes, signal }),
  );
  return {
    workspace_id: workspace.id,
    path: text.path,
    size_bytes: text.sizeBytes,
    offset: text.offset,
    max_bytes: maxBytes,
    content: text.content,
    truncated: text.truncated,
    redacted: workspace.secrets.redactor.finds(text.content),
    next_offset: text.nextOffset,
    ...untoldRecovery(workspace),
  };
};

export const writeWorkspaceFile: Handler<"workspace_file_write"> = async ({ workspaces }, input, context) => {
  const workspace = workspaces.get(input.workspace_id);
  const { text } = input;
  const written = await workspace.edit(
    context.signal,
    (files, signal) => writeFile({ files, path: input.path, text, signal }),
    (result) => ({ kind: "write", what: result.path }),
  );
  return {
    workspace_id: workspace.id,
    path: written.path,
    size_bytes: written.sizeBytes,
    bytes_written: written.bytesWritten,
    created: written.created,
    ...untoldRecovery(workspace),
  };
};

export const applyWorkspacePatch: Handler<"workspace_patch_apply"> = async (
  { workspaces },
  input,
  context,
) => {
  const workspace = workspaces.get(input.workspace_id);
  const { patch } = input;
  const applied = await workspace.edit(
    context.signal,
    (files, signal) => applyPatch({ patch, files, signal }),
    ({ entries }) => ({ kind: "patch", what: entries.map((entry) => decodeBytePath(entry.path)).join(", ") }),
  );
  return {
    workspace_id: workspace.id,
    changed: applied.changed,
    summary: { ...applied.summary },
    entries: applied.entries.map(({ path: bytePath, status, oldPath }) => ({
      path: decodeBytePath(bytePath),
      status,
      ...(oldPath !== undefined && { old_path: decodeBytePath(oldPath) }),
    })),
    ...untoldRecovery(workspace),
  };
};

export const diffWorkspace: Handler<"workspace_diff"> = async (services, input, context) => {
  const workspace = services.workspaces.get(input.workspace_id);
  const { include_patch: includePatch } = input;
  const options = {
    includePatch,
    includeIgnored: input.include_ignored,
    includeBinary: input.include_binary,
    path: input.path === undefined ? undefined : resolveWorkspacePath(input.path),
  };
  const diff = await workspace.look(context.signal, (files, signal) =>
    diffBaseline(services.workspaceParts, workspace.record, files, options, signal),
  );
  return {
    workspace_id: workspace.id,
    ...formatDiff(diff, includePatch),
    patch_redacted: includePatch && workspace.secrets.redactor.finds(diff.patch),
    ...untoldRecovery(workspace),
  };
};

export const exportWorkspace: Handler<"workspace_export"> = async (services, input, context) => {
  const workspace = services.workspaces.get(input.workspace_id);
  const { output_path: outputPath, force } = input;
  requireAbsolute("output_path", outputPath);
  const tell = tellBytes(context.onEvent, "export", workspace.id);
  const exported = await workspace.look(context.signal, (files, signal) =>
    exportFromGuest({
      files,
      path: input.path,
      outputPath,
      force,
      signal,
      protectedPaths: protectedPathsOf(services),
      onProgress: ({ bytes }) => tell(bytes),
      journal: services.exports,
    }),
  );
  await workspace.history.noteExport(exported.workspacePath, exported.outputPath);
  workspace.touch();
  return {
    workspace_id: workspace.id,
    workspace_path: exported.workspacePath,
    output_path: exported.outputPath,
    artifact_type: exported.artifactType,
    entry_count: exported.entryCount,
    bytes_written: exported.bytesWritten,
    skipped: [...exported.skipped],
    skipped_count: exported.skippedCount,
    ...untoldRecovery(workspace),
  };
};

export const pushWorkspaceSync: Handler<"workspace_sync_push"> = async (services, input, context) => {
  const workspace = services.workspaces.get(input.workspace_id);
  const { source_path: sourcePath, dest } = input;
  requireAbsolute("source_path", sourcePath);
  const tell = tellBytes(context.onEvent, "push", workspace.id);
  const host = pushHostOf(services);
  const pushed = await workspace.edit(
    context.signal,
    (files, signal) =>
      pushIntoGuest({ sourcePath, dest, files, host, signal, onProgress: ({ bytes }) => tell(bytes) }),
    (result) => ({ kind: "sync", what: `${result.sourcePath} to ${result.destination}` }),
  );
  return {
    workspace_id: workspace.id,
    execution_mode: executionModeOf(workspace.record),
    workspace_sync: {
      mode: pushed.mode,
      source_path: pushed.sourcePath,
      destination: pushed.destination,
      entry_count: pushed.entryCount,
      bytes_written: pushed.bytesWritten,
      unchanged_count: pushed.unchangedCount,
      skipped: [...pushed.skipped],
      skipped_count: pushed.skippedCount,
    },
    ...untoldRecovery(workspace),
  };
};

/** The daemon's working directory is not the caller's: its client makes paths absolute. */
function requireAbsolute(field: string, given: string): void {
  if (path.isAbsolute(given)) return;
  throw new PyroError("invalid_input", `${field}: an absolute path is needed, not ${JSON.stringify(given)}`);
}

/** What an export never replaces, by force neither: the user's home, and what this product itself stands on. */
function protectedPathsOf({ settings }: Services): readonly string[] {
  const { stateDir, cacheDir, environmentCacheDir, runtimeDir } = settings;
  return [homedir(), stateDir, cacheDir, environmentCacheDir, runtimeDir];
}

/** The rest of the cache may be pushed: it holds clones. */
function pushHostOf({ settings, workspaceParts }: Services): PushHost {
  const { stateDir, environmentCacheDir, runtimeDir } = settings;
  const ownDirs = [stateDir, environmentCacheDir, runtimeDir];
  return { ownDirs, homeDir: homedir(), scratchDir: workspaceParts.scratchDir };
}

function tellBytes(onEvent: OnEvent, tag: string, workspaceId: string): (bytes: number) => void {
  return (current) => {
    void onEvent({
      type: "progress",
      tag,
      fields: { workspace_id: workspaceId },
      done: { current, total: undefined, unit: "bytes" },
    });
  };
}
