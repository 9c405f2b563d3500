// The package's public surface: what is not here is not public.

/**
 * Isolated Linux guests from TypeScript: {@link Pyro} is where to begin.
 *
 * @packageDocumentation
 */

export { Pyro } from "./sdk/pyro.js";
export type { PyroOptions } from "./sdk/pyro-options.js";
export type { Service } from "./sdk/service.js";
export type { OutputChunk } from "./sdk/iterate-output.js";
export type { Vm } from "./sdk/vm.js";
export type { Workspace } from "./sdk/workspace.js";
export type { Shell } from "./sdk/shell.js";

export { createServer } from "./mcp/create-server.js";
export type { CreateServerOptions, PyroServer } from "./mcp/create-server.js";
export type { ServeMode, ServeOptions, ServeProfile } from "./contract/serve-options.js";
export type { DirectoryChoice } from "./platform/settings.js";

export { PyroError } from "./contract/errors.js";
export type { ErrorCode, ErrorDetails, ErrorReport, PyroErrorOptions } from "./contract/errors.js";

export type {
  CallOptions,
  CommandOptions,
  OutputOptions,
  Progress,
  ProgressOptions,
  Stdin,
} from "./sdk/call-options.js";
export type {
  CreateVmOptions,
  DoctorOptions,
  ExecVmOptions,
  InspectEnvironmentOptions,
  PrepareOptions,
  PruneEnvironmentsOptions,
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
  VmRecord,
} from "./sdk/gen/results.js";
export type {
  ListServicesOptions,
  LogsServiceOptions,
  ServiceIdOptions,
  StartServiceOptions,
} from "./sdk/gen/service-options.js";
export type {
  ServiceEntry,
  ServiceList,
  ServiceLogs,
  ServiceRecord,
  StartedService,
} from "./sdk/gen/service-results.js";
export type {
  ApplyWorkspacePatchOptions,
  CreateSnapshotOptions,
  CreateWorkspaceOptions,
  DeleteSnapshotOptions,
  ExportSnapshotOptions,
  DiffWorkspaceOptions,
  ExecWorkspaceOptions,
  ExportWorkspaceDiskOptions,
  ExportWorkspaceOptions,
  ListWorkspaceDiskOptions,
  ListWorkspaceFilesOptions,
  LogsWorkspaceOptions,
  NetworkLogWorkspaceOptions,
  PushWorkspaceSyncOptions,
  ReadWorkspaceDiskOptions,
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
  WorkspaceLogs,
  WorkspaceRecord,
  WorkspaceRecovery,
  WorkspaceSeed,
  WorkspaceSummary,
} from "./sdk/gen/workspace-results.js";
export type {
  CreatedSnapshot,
  DeletedSnapshot,
  DiskExport,
  DiskFileContent,
  DiskFileList,
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
export type {
  NetworkLog,
  NetworkSummary,
  VmNetworkInfo,
  WorkspaceConnection,
} from "./sdk/gen/network-results.js";
export type {
  OpenShellOptions,
  ReadShellOptions,
  ResizeShellOptions,
  ShellIdOptions,
  SignalShellOptions,
  WriteShellOptions,
} from "./sdk/gen/shell-options.js";
export type {
  ClosedShell,
  OpenedShell,
  ShellInput,
  ShellOutput,
  ShellRecord,
  SignalledShell,
} from "./sdk/gen/shell-results.js";
