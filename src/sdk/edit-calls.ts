// The SDK's calls about the files of workspaces: reading, editing, comparing, and the way in and out.

import { call } from "./call.js";
import type {
  ExportResult,
  FileContent,
  FileList,
  PatchResult,
  SyncResult,
  WorkspaceDiff,
  WrittenFile,
} from "./gen/edit-results.js";
import type {
  ApplyWorkspacePatchOptions,
  DiffWorkspaceOptions,
  ExportWorkspaceOptions,
  ListWorkspaceFilesOptions,
  PushWorkspaceSyncOptions,
  ReadWorkspaceFileOptions,
  WriteWorkspaceFileOptions,
} from "./gen/workspace-options.js";
import { DiskCalls } from "./disk-calls.js";

/** What of {@link Pyro} is about the files of workspaces. */
export abstract class EditCalls extends DiskCalls {
  /**
   * Lists a directory of a workspace, or everything below it.
   *
   * @throws {@link PyroError} `path_not_found`, `path_outside_workspace`.
   */
  async listWorkspaceFiles(options: ListWorkspaceFilesOptions): Promise<FileList> {
    return call(this.client, "workspace_file_list", options);
  }

  /**
   * Reads a text file of a workspace, or a piece of it: at most 1 MiB a call. When `nextOffset` is no null, the file
   * goes on there.
   *
   * @throws {@link PyroError} `path_not_found`, `path_outside_workspace`; `not_text` when the file is not UTF-8.
   *
   * @example
   * ```ts
   * const { content } = await pyro.readWorkspaceFile({ workspaceId: "fix-parser", path: "src/main.py" });
   * ```
   */
  async readWorkspaceFile(options: ReadWorkspaceFileOptions): Promise<FileContent> {
    return call(this.client, "workspace_file_read", options);
  }

  /**
   * Writes a whole text file of a workspace, atomically, up to 64 MiB. Missing directories are made; a file that is
   * there is replaced and keeps its mode.
   *
   * @throws {@link PyroError} `path_outside_workspace`; `conflict` when a directory is there.
   */
  async writeWorkspaceFile(options: WriteWorkspaceFileOptions): Promise<WrittenFile> {
    return call(this.client, "workspace_file_write", options);
  }

  /**
   * Applies a patch to a workspace, all of it or nothing: unified or git format, or `*** Begin Patch`.
   *
   * @throws {@link PyroError} `patch_rejected`, whose message names file, hunk and the lines that did not match;
   * `path_outside_workspace`.
   *
   * @example
   * ```ts
   * const { patch } = await pyro.diffWorkspace({ workspaceId: "attempt-1" });
   * await pyro.applyWorkspacePatch({ workspaceId: "attempt-2", patch });
   * ```
   */
  async applyWorkspacePatch(options: ApplyWorkspacePatchOptions): Promise<PatchResult> {
    return call(this.client, "workspace_patch_apply", options);
  }

  /**
   * Copies a directory or a tar of the host into a workspace, sending only what differs. What is there and not in
   * the source stays. When it fails, the workspace is as it was. The baseline does not change.
   *
   * A relative `sourcePath` counts from this process's working directory.
   *
   * @throws {@link PyroError} `seed_unusable`, `path_outside_workspace`.
   */
  async pushWorkspaceSync(options: PushWorkspaceSyncOptions): Promise<SyncResult> {
    return call(this.client, "workspace_sync_push", options);
  }

  /**
   * Compares a workspace with its seed as it was at the creation. `patch` is for `git apply`; what a text patch
   * cannot hold is in `entries`.
   *
   * @example
   * ```ts
   * const { changed, patch } = await pyro.diffWorkspace({ workspaceId: "fix-parser" });
   * ```
   */
  async diffWorkspace(options: DiffWorkspaceOptions): Promise<WorkspaceDiff> {
    return call(this.client, "workspace_diff", options);
  }

  /**
   * Copies a file or a directory of a workspace to the host: the only call that lets a workspace change the host. It
   * replaces nothing without `force`, writes through no symlink and nothing outside `outputPath`.
   *
   * A relative `outputPath` counts from this process's working directory.
   *
   * @throws {@link PyroError} `path_not_found`, `path_outside_workspace`, `export_refused`.
   */
  async exportWorkspace(options: ExportWorkspaceOptions): Promise<ExportResult> {
    return call(this.client, "workspace_export", options);
  }
}
