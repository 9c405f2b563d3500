// The SDK's calls about workspaces as a whole: their life, their commands, their snapshots.

import { call } from "./call.js";
import type { CallOptions } from "./call-options.js";
import type {
  CreatedSnapshot,
  DeletedSnapshot,
  ExportedSnapshot,
  ResetResult,
  SnapshotList,
} from "./gen/edit-results.js";
import type {
  CreateSnapshotOptions,
  CreateWorkspaceOptions,
  DeleteSnapshotOptions,
  ExportSnapshotOptions,
  ExecWorkspaceOptions,
  LogsWorkspaceOptions,
  NetworkLogWorkspaceOptions,
  ResetWorkspaceOptions,
  UpdateWorkspaceOptions,
  WorkspaceIdOptions,
} from "./gen/workspace-options.js";
import type { NetworkLog } from "./gen/network-results.js";
import type {
  DeletedWorkspace,
  WorkspaceCommandResult,
  WorkspaceList,
  WorkspaceLogs,
  WorkspaceRecord,
  WorkspaceSummary,
} from "./gen/workspace-results.js";
import { ShellCalls } from "./shell-calls.js";
import { Workspace } from "./workspace.js";

/** What of {@link Pyro} is about workspaces as a whole. */
export abstract class WorkspaceCalls extends ShellCalls {
  /**
   * Creates an isolated guest with a copy of a project in `/workspace`; it is up when this resolves. A Git checkout
   * is copied as Git sees it, another directory or a tar whole; the project itself is never touched.
   *
   * The workspace stays until it is deleted: by {@link Workspace.delete}, or at the end of a block with
   * `await using`. A relative `seedPath` counts from this process's working directory.
   *
   * @throws {@link PyroError} `seed_unusable`; `conflict` when the name is taken.
   *
   * @example
   * ```ts
   * await using workspace = await pyro.createWorkspace({ seedPath: ".", name: "fix-parser" });
   * const { exitCode } = await workspace.exec({ command: "make test", timeoutSeconds: 600 });
   * ```
   */
  async createWorkspace(options: CreateWorkspaceOptions = {}): Promise<Workspace> {
    return new Workspace(this, await call(this.client, "workspace_create", options));
  }

  /**
   * Opens a handle of a workspace that is there, by its id or name. The handle keeps to this workspace when the name
   * changes. With `await using` it would be deleted at the end of the block: take `const` for one that is to stay.
   *
   * @throws {@link PyroError} `workspace_not_found`.
   *
   * @example
   * ```ts
   * const workspace = await pyro.workspace("fix-parser");
   * console.log(workspace.record.state);
   * ```
   */
  async workspace(idOrName: string, options: CallOptions = {}): Promise<Workspace> {
    return new Workspace(this, await this.statusWorkspace({ ...options, workspaceId: idOrName }));
  }

  /** Lists all workspaces, the latest activity first. */
  async listWorkspaces(options: CallOptions = {}): Promise<WorkspaceList> {
    return call(this.client, "workspace_list", options);
  }

  /**
   * Changes a workspace's name and labels; labels that are not named stay. No change is a success.
   *
   * @throws {@link PyroError} `conflict` when the name is taken.
   */
  async updateWorkspace(options: UpdateWorkspaceOptions): Promise<WorkspaceRecord> {
    return call(this.client, "workspace_update", options);
  }

  /** Shows a workspace: state, seed, last command, disk and memory use. Looking does not prolong its life. */
  async statusWorkspace(options: WorkspaceIdOptions): Promise<WorkspaceRecord> {
    return call(this.client, "workspace_status", options);
  }

  /**
   * Runs one command in a workspace. What it writes, and processes that it leaves in the background, stay. The result
   * holds stdout and stderr up to 1 MiB each, head and tail; {@link Pyro.logsWorkspace} has the rest, and `onStdout`
   * and `onStderr` get all of it while the command runs.
   *
   * A command that fails or times out is a result with `exitCode`, `signal` and `timedOut`, not an error.
   *
   * @example
   * ```ts
   * const { stdout } = await pyro.execWorkspace({ workspaceId: "fix-parser", command: ["git", "status"] });
   * ```
   */
  async execWorkspace(options: ExecWorkspaceOptions): Promise<WorkspaceCommandResult> {
    return call(this.client, "workspace_exec", options);
  }

  /**
   * Shows every command since the last reset with its output. Output is kept whole: `sequence` and `stream` with
   * `offset` and `maxBytes` read any piece of it; `nextOffset` says where the next one begins.
   *
   * @throws {@link PyroError} `path_not_found` when there is no command `sequence`.
   */
  async logsWorkspace(options: LogsWorkspaceOptions): Promise<WorkspaceLogs> {
    return call(this.client, "workspace_logs", options);
  }

  /** Sums up what has happened since the last reset; `text` is for a report. */
  async summarizeWorkspace(options: WorkspaceIdOptions): Promise<WorkspaceSummary> {
    return call(this.client, "workspace_summary", options);
  }

  /**
   * Shows the connections that a workspace's guest has made, or tried to make, since the last reset; without `offset`
   * the latest. Empty where `networkPolicy` is `off`.
   */
  async networkLogWorkspace(options: NetworkLogWorkspaceOptions): Promise<NetworkLog> {
    return call(this.client, "network_log", options);
  }

  /**
   * Gives a workspace a fresh guest whose whole file system, installed packages too, is as it was at the creation or
   * at a snapshot. Id, name, labels and snapshots stay; what ran, and the logs, are gone.
   *
   * @throws {@link PyroError} `snapshot_not_found`.
   */
  async resetWorkspace(options: ResetWorkspaceOptions): Promise<ResetResult> {
    return call(this.client, "workspace_reset", options);
  }

  /**
   * Ends a workspace's guest and what runs in it; files, installed packages, snapshots and logs are kept. Stopping a
   * stopped one is a success.
   */
  async stopWorkspace(options: WorkspaceIdOptions): Promise<WorkspaceRecord> {
    return call(this.client, "workspace_stop", options);
  }

  /** Starts a stopped workspace with the files that it had. Starting one that runs is a success. */
  async startWorkspace(options: WorkspaceIdOptions): Promise<WorkspaceRecord> {
    return call(this.client, "workspace_start", options);
  }

  /** Deletes a workspace in any state with its files, snapshots and logs; what runs in it is ended. */
  async deleteWorkspace(options: WorkspaceIdOptions): Promise<DeletedWorkspace> {
    return call(this.client, "workspace_delete", options);
  }

  /**
   * Keeps the whole file system of a workspace under a name, for {@link Pyro.resetWorkspace}.
   *
   * @throws {@link PyroError} `conflict` when the name is taken.
   *
   * @example
   * ```ts
   * await pyro.createSnapshot({ workspaceId: "fix-parser", snapshotName: "deps-installed" });
   * await pyro.resetWorkspace({ workspaceId: "fix-parser", snapshot: "deps-installed" });
   * ```
   */
  async createSnapshot(options: CreateSnapshotOptions): Promise<CreatedSnapshot> {
    return call(this.client, "snapshot_create", options);
  }

  /** Lists what a workspace can go back to: the baseline first, then the newest. */
  async listSnapshots(options: WorkspaceIdOptions): Promise<SnapshotList> {
    return call(this.client, "snapshot_list", options);
  }

  /**
   * Makes an image of a snapshot, in a new directory or in a registry.
   *
   * @throws {@link PyroError} `snapshot_not_found`, `registry_denied` and other failures of the registry.
   */
  async exportSnapshot(options: ExportSnapshotOptions): Promise<ExportedSnapshot> {
    return call(this.client, "snapshot_export", options);
  }

  /**
   * Deletes a snapshot; the workspace stays as it is.
   *
   * @throws {@link PyroError} `snapshot_not_found`; `conflict` for the baseline.
   */
  async deleteSnapshot(options: DeleteSnapshotOptions): Promise<DeletedSnapshot> {
    return call(this.client, "snapshot_delete", options);
  }
}
