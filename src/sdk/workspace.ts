// The handle of one workspace.

import { PyroError } from "../contract/errors.js";
import type { CallOptions, ProgressOptions } from "./call-options.js";
import type {
  CreatedSnapshot,
  DeletedSnapshot,
  ExportedSnapshot,
  ExportResult,
  FileContent,
  DiskExport,
  DiskFileContent,
  DiskFileList,
  FileList,
  PatchResult,
  ResetResult,
  SnapshotList,
  SyncResult,
  WorkspaceDiff,
  WrittenFile,
} from "./gen/edit-results.js";
import type {
  ApplyWorkspacePatchOptions,
  CreateSnapshotOptions,
  DeleteSnapshotOptions,
  ExportSnapshotOptions,
  DiffWorkspaceOptions,
  ExecWorkspaceOptions,
  ExportWorkspaceOptions,
  ExportWorkspaceDiskOptions,
  ListWorkspaceDiskOptions,
  ListWorkspaceFilesOptions,
  ReadWorkspaceDiskOptions,
  LogsWorkspaceOptions,
  NetworkLogWorkspaceOptions,
  PushWorkspaceSyncOptions,
  ReadWorkspaceFileOptions,
  ResetWorkspaceOptions,
  UpdateWorkspaceOptions,
  WriteWorkspaceFileOptions,
} from "./gen/workspace-options.js";
import type { NetworkLog } from "./gen/network-results.js";
import type {
  DeletedWorkspace,
  WorkspaceCommandResult,
  WorkspaceLogs,
  WorkspaceRecord,
  WorkspaceSummary,
} from "./gen/workspace-results.js";
import type { OpenShellOptions } from "./gen/shell-options.js";
import type { Shell } from "./shell.js";
import type { StartServiceOptions } from "./gen/service-options.js";
import type { ServiceList } from "./gen/service-results.js";
import { Service } from "./service.js";
import type { WorkspaceCalls } from "./workspace-calls.js";

/**
 * A workspace that {@link Pyro.createWorkspace} made or {@link Pyro.workspace} opened. With `await using` it is
 * deleted at the end of the block; without, it stays until somebody deletes it.
 *
 * The workspace lives in the daemon, not in this object: other processes reach it by its {@link Workspace.id}.
 *
 * @example
 * ```ts
 * await using workspace = await pyro.createWorkspace({ seedPath: "." });
 * await workspace.writeFile({ path: "notes.md", text: "first line\n" });
 * const { exitCode } = await workspace.exec({ command: "make test", timeoutSeconds: 600 });
 * if (exitCode !== 0) await workspace.reset();
 * const { patch } = await workspace.diff();
 * ```
 */
export class Workspace implements AsyncDisposable {
  readonly #pyro: WorkspaceCalls;
  #record: WorkspaceRecord;

  /** @internal Made by {@link Pyro.createWorkspace} and {@link Pyro.workspace}. */
  constructor(pyro: WorkspaceCalls, record: WorkspaceRecord) {
    this.#pyro = pyro;
    this.#record = record;
  }

  /** Id of the workspace, `ws_…`. */
  get id(): string {
    return this.#record.workspaceId;
  }

  /** The workspace as this handle saw it last: at creation, or at its latest status, update, start, stop or reset. */
  get record(): Readonly<WorkspaceRecord> {
    return this.#record;
  }

  /** {@link Pyro.statusWorkspace} of this workspace. */
  async status(options: CallOptions = {}): Promise<WorkspaceRecord> {
    return (this.#record = await this.#pyro.statusWorkspace(this.#own(options)));
  }

  /** {@link Pyro.updateWorkspace} of this workspace. */
  async update(options: Omit<UpdateWorkspaceOptions, "workspaceId">): Promise<WorkspaceRecord> {
    return (this.#record = await this.#pyro.updateWorkspace(this.#own(options)));
  }

  /** {@link Pyro.execWorkspace} in this workspace. */
  async exec(options: Omit<ExecWorkspaceOptions, "workspaceId">): Promise<WorkspaceCommandResult> {
    return this.#pyro.execWorkspace(this.#own(options));
  }

  /** {@link Pyro.logsWorkspace} of this workspace. */
  async logs(options: Omit<LogsWorkspaceOptions, "workspaceId"> = {}): Promise<WorkspaceLogs> {
    return this.#pyro.logsWorkspace(this.#own(options));
  }

  /** {@link Pyro.summarizeWorkspace} of this workspace. */
  async summarize(options: ProgressOptions = {}): Promise<WorkspaceSummary> {
    return this.#pyro.summarizeWorkspace(this.#own(options));
  }

  /** {@link Pyro.networkLogWorkspace} of this workspace. */
  async networkLog(options: Omit<NetworkLogWorkspaceOptions, "workspaceId"> = {}): Promise<NetworkLog> {
    return this.#pyro.networkLogWorkspace(this.#own(options));
  }

  /** {@link Pyro.listWorkspaceFiles} of this workspace. */
  async listFiles(options: Omit<ListWorkspaceFilesOptions, "workspaceId"> = {}): Promise<FileList> {
    return this.#pyro.listWorkspaceFiles(this.#own(options));
  }

  /** {@link Pyro.readWorkspaceFile} of this workspace. */
  async readFile(options: Omit<ReadWorkspaceFileOptions, "workspaceId">): Promise<FileContent> {
    return this.#pyro.readWorkspaceFile(this.#own(options));
  }

  /** {@link Pyro.writeWorkspaceFile} of this workspace. */
  async writeFile(options: Omit<WriteWorkspaceFileOptions, "workspaceId">): Promise<WrittenFile> {
    return this.#pyro.writeWorkspaceFile(this.#own(options));
  }

  /** {@link Pyro.applyWorkspacePatch} to this workspace. */
  async applyPatch(options: Omit<ApplyWorkspacePatchOptions, "workspaceId">): Promise<PatchResult> {
    return this.#pyro.applyWorkspacePatch(this.#own(options));
  }

  /** {@link Pyro.diffWorkspace} of this workspace. */
  async diff(options: Omit<DiffWorkspaceOptions, "workspaceId"> = {}): Promise<WorkspaceDiff> {
    return this.#pyro.diffWorkspace(this.#own(options));
  }

  /** {@link Pyro.pushWorkspaceSync} into this workspace. */
  async push(options: Omit<PushWorkspaceSyncOptions, "workspaceId">): Promise<SyncResult> {
    return this.#pyro.pushWorkspaceSync(this.#own(options));
  }

  /** {@link Pyro.exportWorkspace} from this workspace. */
  async export(options: Omit<ExportWorkspaceOptions, "workspaceId">): Promise<ExportResult> {
    return this.#pyro.exportWorkspace(this.#own(options));
  }

  /** {@link Pyro.listWorkspaceDisk} of this workspace. */
  async listDisk(options: Omit<ListWorkspaceDiskOptions, "workspaceId"> = {}): Promise<DiskFileList> {
    return this.#pyro.listWorkspaceDisk(this.#own(options));
  }

  /** {@link Pyro.readWorkspaceDisk} of this workspace. */
  async readDisk(options: Omit<ReadWorkspaceDiskOptions, "workspaceId">): Promise<DiskFileContent> {
    return this.#pyro.readWorkspaceDisk(this.#own(options));
  }

  /** {@link Pyro.exportWorkspaceDisk} of this workspace. */
  async exportDisk(options: Omit<ExportWorkspaceDiskOptions, "workspaceId">): Promise<DiskExport> {
    return this.#pyro.exportWorkspaceDisk(this.#own(options));
  }

  /** {@link Pyro.resetWorkspace} of this workspace. */
  async reset(options: Omit<ResetWorkspaceOptions, "workspaceId"> = {}): Promise<ResetResult> {
    const result = await this.#pyro.resetWorkspace(this.#own(options));
    const { workspaceReset: _, ...record } = result;
    this.#record = record;
    return result;
  }

  /** {@link Pyro.startService} in this workspace. */
  async startService(options: Omit<StartServiceOptions, "workspaceId">): Promise<Service> {
    return this.#pyro.startService(this.#own(options));
  }

  /**
   * Opens a handle of a service that was started before.
   *
   * @throws {@link PyroError} `service_not_found`.
   */
  async service(serviceName: string, options: CallOptions = {}): Promise<Service> {
    return new Service(this.#pyro, await this.#pyro.statusService(this.#own({ ...options, serviceName })));
  }

  /** {@link Pyro.listServices} of this workspace. */
  async listServices(options: CallOptions = {}): Promise<ServiceList> {
    return this.#pyro.listServices(this.#own(options));
  }

  /** {@link Pyro.createSnapshot} of this workspace. */
  async createSnapshot(options: Omit<CreateSnapshotOptions, "workspaceId">): Promise<CreatedSnapshot> {
    return this.#pyro.createSnapshot(this.#own(options));
  }

  /** {@link Pyro.listSnapshots} of this workspace. */
  async listSnapshots(options: CallOptions = {}): Promise<SnapshotList> {
    return this.#pyro.listSnapshots(this.#own(options));
  }

  /** {@link Pyro.exportSnapshot} of this workspace. */
  async exportSnapshot(options: Omit<ExportSnapshotOptions, "workspaceId">): Promise<ExportedSnapshot> {
    return this.#pyro.exportSnapshot(this.#own(options));
  }

  /** {@link Pyro.deleteSnapshot} of this workspace. */
  async deleteSnapshot(options: Omit<DeleteSnapshotOptions, "workspaceId">): Promise<DeletedSnapshot> {
    return this.#pyro.deleteSnapshot(this.#own(options));
  }

  /** {@link Pyro.openShell} in this workspace. */
  async openShell(options: Omit<OpenShellOptions, "workspaceId"> = {}): Promise<Shell> {
    return this.#pyro.openShell(this.#own(options));
  }

  /** {@link Pyro.shell} of this workspace. */
  async shell(shellId: string, options: CallOptions = {}): Promise<Shell> {
    return this.#pyro.shell({ ...this.#own(options), shellId });
  }

  /** {@link Pyro.stopWorkspace} of this workspace. */
  async stop(options: ProgressOptions = {}): Promise<WorkspaceRecord> {
    return (this.#record = await this.#pyro.stopWorkspace(this.#own(options)));
  }

  /** {@link Pyro.startWorkspace} of this workspace. */
  async start(options: ProgressOptions = {}): Promise<WorkspaceRecord> {
    return (this.#record = await this.#pyro.startWorkspace(this.#own(options)));
  }

  /** {@link Pyro.deleteWorkspace} of this workspace. */
  async delete(options: ProgressOptions = {}): Promise<DeletedWorkspace> {
    return this.#pyro.deleteWorkspace(this.#own(options));
  }

  /** Deletes the workspace; one that is gone already is a success. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.delete();
    } catch (error) {
      if (!(error instanceof PyroError && error.code === "workspace_not_found")) throw error;
    }
  }

  #own<Options extends object>(options: Options): Options & { workspaceId: string } {
    return { ...options, workspaceId: this.id };
  }
}
