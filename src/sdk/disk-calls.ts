// The SDK's calls about the disks of stopped workspaces.

import { call } from "./call.js";
import type { DiskExport, DiskFileContent, DiskFileList } from "./gen/edit-results.js";
import type {
  ExportWorkspaceDiskOptions,
  ListWorkspaceDiskOptions,
  ReadWorkspaceDiskOptions,
} from "./gen/workspace-options.js";
import { GuestCalls } from "./guest-calls.js";

/** What of {@link Pyro} is about disks. */
export abstract class DiskCalls extends GuestCalls {
  /**
   * Lists a directory on the disk of a stopped workspace: absolute paths anywhere in the guest, others in /workspace.
   *
   * @throws {@link PyroError} `conflict` while the workspace runs; `path_not_found`.
   */
  async listWorkspaceDisk(options: ListWorkspaceDiskOptions): Promise<DiskFileList> {
    return call(this.client, "workspace_disk_list", options);
  }

  /**
   * Reads a text file on the disk of a stopped workspace, or a piece of it.
   *
   * @throws {@link PyroError} `conflict` while the workspace runs; `path_not_found`, `not_text`.
   */
  async readWorkspaceDisk(options: ReadWorkspaceDiskOptions): Promise<DiskFileContent> {
    return call(this.client, "workspace_disk_read", options);
  }

  /**
   * Writes the whole file system of a stopped workspace to the host, as a raw ext4 image with holes for what is empty.
   * It replaces nothing.
   *
   * A relative `outputPath` counts from this process's working directory.
   *
   * @throws {@link PyroError} `conflict` while the workspace runs; `export_refused`, `out_of_disk`.
   *
   * @example
   * ```ts
   * await pyro.stopWorkspace({ workspaceId: "fix-parser" });
   * await pyro.exportWorkspaceDisk({ workspaceId: "fix-parser", outputPath: "disk.ext4" });
   * ```
   */
  async exportWorkspaceDisk(options: ExportWorkspaceDiskOptions): Promise<DiskExport> {
    return call(this.client, "workspace_disk_export", options);
  }
}
