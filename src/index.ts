// The package's public surface: what is not here is not public.

/**
 * Isolated Linux guests from TypeScript: {@link Pyro} is where to begin.
 *
 * @packageDocumentation
 */

export { Pyro } from "./sdk/pyro.js";
export type { PyroOptions } from "./sdk/pyro-options.js";
export type { Vm } from "./sdk/vm.js";
export type { Workspace } from "./sdk/workspace.js";

export { createServer } from "./mcp/create-server.js";
export type { CreateServerOptions, PyroServer } from "./mcp/create-server.js";
export type { ServeMode, ServeOptions, ServeProfile } from "./contract/serve-options.js";
export type { DirectoryChoice } from "./platform/settings.js";

export { PyroError } from "./contract/errors.js";
export type { ErrorCode, ErrorDetails, ErrorReport, PyroErrorOptions } from "./contract/errors.js";

export type { CallOptions, CommandOptions, Progress, ProgressOptions, Stdin } from "./sdk/call-options.js";
export type {
  CreateVmOptions,
  DoctorOptions,
  ExecVmOptions,
  InspectEnvironmentOptions,
  PrepareOptions,
  PullEnvironmentOptions,
  RunInVmOptions,
  VmIdOptions,
} from "./sdk/gen/options.js";
export type {
  CommandResult,
  DeletedVm,
  DoctorReport,
  Engine,
  Environment,
  EnvironmentDetails,
  EnvironmentList,
  InstallManifest,
  PrepareResult,
  PruneResult,
  PulledEnvironment,
  ReapResult,
  VmNetworkInfo,
  VmRecord,
} from "./sdk/gen/results.js";
export type {
  ApplyWorkspacePatchOptions,
  CreateSnapshotOptions,
  CreateWorkspaceOptions,
  DeleteSnapshotOptions,
  ExportSnapshotOptions,
  DiffWorkspaceOptions,
  ExecWorkspaceOptions,
  ExportWorkspaceOptions,
  ListWorkspaceFilesOptions,
  LogsWorkspaceOptions,
  NetworkLogWorkspaceOptions,
  PushWorkspaceSyncOptions,
  ReadWorkspaceFileOptions,
  ResetWorkspaceOptions,
  UpdateWorkspaceOptions,
  WorkspaceIdOptions,
  WriteWorkspaceFileOptions,
} from "./sdk/gen/workspace-options.js";
export type {
  ChangeEntry,
  ChangeSummary,
  DeletedWorkspace,
  Snapshot,
  WorkspaceCommand,
  WorkspaceCommandResult,
  WorkspaceEntry,
  WorkspaceList,
  WorkspaceLogEntry,
  NetworkLog,
  NetworkSummary,
  WorkspaceConnection,
  WorkspaceLogs,
  WorkspaceRecord,
  WorkspaceRecovery,
  WorkspaceSeed,
  WorkspaceSummary,
} from "./sdk/gen/workspace-results.js";
export type {
  CreatedSnapshot,
  DeletedSnapshot,
  ExportedSnapshot,
  ExportResult,
  FileContent,
  FileEntry,
  FileList,
  PatchResult,
  ResetResult,
  SnapshotList,
  SyncResult,
  WorkspaceDiff,
  WrittenFile,
} from "./sdk/gen/edit-results.js";
