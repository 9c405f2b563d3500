// Which interfaces the SDK has, in which file of src/sdk/gen/, and what they are made of. Reads dist/operations.
import { engineLabel } from "../../dist/contract/fields.js";
import { environmentEntry, installManifest } from "../../dist/operations/environment-fields.js";
import { connectionEntry, networkView } from "../../dist/operations/network-log.js";
import { OPERATIONS } from "../../dist/operations/registry.js";
import { serviceEntry } from "../../dist/operations/service-fields.js";
import * as workspaceFields from "../../dist/operations/workspace-fields.js";
import { fileEntry } from "../../dist/operations/workspace-file-list.js";
import { workspaceEntry } from "../../dist/operations/workspace-list.js";
import { logEntry } from "../../dist/operations/workspace-logs.js";

/** File → interface → the operation whose result it is, or a part of one that has a name of its own. */
export const RESULTS = {
  results: {
    Engine: [engineLabel, "What ran a guest."],
    Environment: [environmentEntry, "An environment of the catalogue: what guests can be made of."],
    InstallManifest: [installManifest, "What is known about an installed environment."],
    EnvironmentList: [OPERATIONS.vm_list_environments.output, "Result of {@link Pyro.listEnvironments}."],
    EnvironmentDetails: [OPERATIONS.env_inspect.output, "Result of {@link Pyro.inspectEnvironment}."],
    PulledEnvironment: [OPERATIONS.env_pull.output, "Result of {@link Pyro.pullEnvironment}."],
    PruneResult: [OPERATIONS.env_prune.output, "Result of {@link Pyro.pruneEnvironments}."],
    VmRecord: [OPERATIONS.vm_status.output, "A one-shot guest, as it was when the call was answered."],
    CommandResult: [OPERATIONS.vm_run.output, "What came of one command, and of its guest."],
    DeletedVm: [OPERATIONS.vm_delete.output, "Result of {@link Pyro.deleteVm}."],
    ReapResult: [OPERATIONS.vm_reap_expired.output, "Result of {@link Pyro.reapExpired}."],
    DoctorReport: [OPERATIONS.doctor.output, "Result of {@link Pyro.doctor}."],
    PrepareResult: [OPERATIONS.prepare.output, "Result of {@link Pyro.prepare}."],
  },
  "workspace-results": {
    WorkspaceSeed: [workspaceFields.workspaceSeed, "What a workspace began with."],
    WorkspaceCommand: [workspaceFields.commandRecord, "A command of a workspace, in short."],
    WorkspaceRecovery: [
      workspaceFields.recovery,
      "That a guest had died, and what of its workspace is lost.",
    ],
    WorkspaceRecord: [
      OPERATIONS.workspace_status.output,
      "A workspace, as it was when the call was answered.",
    ],
    WorkspaceEntry: [workspaceEntry, "A workspace in a list."],
    WorkspaceList: [OPERATIONS.workspace_list.output, "Result of {@link Pyro.listWorkspaces}."],
    DeletedWorkspace: [OPERATIONS.workspace_delete.output, "Result of {@link Pyro.deleteWorkspace}."],
    WorkspaceCommandResult: [OPERATIONS.workspace_exec.output, "What came of one command in a workspace."],
    WorkspaceLogEntry: [logEntry, "A command of a workspace with its output."],
    WorkspaceLogs: [OPERATIONS.workspace_logs.output, "Result of {@link Pyro.logsWorkspace}."],
    Snapshot: [workspaceFields.snapshotRecord, "A state that a workspace can go back to."],
    ChangeSummary: [workspaceFields.changeSummary, "How many entries differ from the baseline, and how."],
    ChangeEntry: [workspaceFields.changeEntry, "A file, directory or link that differs from the baseline."],
    WorkspaceSummary: [OPERATIONS.workspace_summary.output, "Result of {@link Pyro.summarizeWorkspace}."],
  },
  "network-results": {
    WorkspaceConnection: [connectionEntry, "A connection that a workspace's guest has made, or tried to."],
    NetworkLog: [OPERATIONS.network_log.output, "Result of {@link Pyro.networkLogWorkspace}."],
    NetworkSummary: [networkView, "What a workspace's connections add up to."],
    VmNetworkInfo: [OPERATIONS.vm_network_info.output, "Result of {@link Pyro.networkInfoVm}."],
  },
  "service-results": {
    ServiceEntry: [serviceEntry, "A service in a list."],
    ServiceRecord: [OPERATIONS.service_status.output, "A service, as it was when the call was answered."],
    StartedService: [OPERATIONS.service_start.output, "Result of {@link Pyro.startService}."],
    ServiceList: [OPERATIONS.service_list.output, "Result of {@link Pyro.listServices}."],
    ServiceLogs: [OPERATIONS.service_logs.output, "Result of {@link Pyro.logsService}."],
  },
  "edit-results": {
    SyncResult: [OPERATIONS.workspace_sync_push.output, "Result of {@link Pyro.pushWorkspaceSync}."],
    FileEntry: [fileEntry, "A file, directory or link of a workspace."],
    FileList: [OPERATIONS.workspace_file_list.output, "Result of {@link Pyro.listWorkspaceFiles}."],
    FileContent: [OPERATIONS.workspace_file_read.output, "Result of {@link Pyro.readWorkspaceFile}."],
    WrittenFile: [OPERATIONS.workspace_file_write.output, "Result of {@link Pyro.writeWorkspaceFile}."],
    PatchResult: [OPERATIONS.workspace_patch_apply.output, "Result of {@link Pyro.applyWorkspacePatch}."],
    WorkspaceDiff: [OPERATIONS.workspace_diff.output, "Result of {@link Pyro.diffWorkspace}."],
    ExportResult: [OPERATIONS.workspace_export.output, "Result of {@link Pyro.exportWorkspace}."],
    DiskFileList: [OPERATIONS.workspace_disk_list.output, "Result of {@link Pyro.listWorkspaceDisk}."],
    DiskFileContent: [OPERATIONS.workspace_disk_read.output, "Result of {@link Pyro.readWorkspaceDisk}."],
    DiskExport: [OPERATIONS.workspace_disk_export.output, "Result of {@link Pyro.exportWorkspaceDisk}."],
    ResetResult: [OPERATIONS.workspace_reset.output, "Result of {@link Pyro.resetWorkspace}."],
    CreatedSnapshot: [OPERATIONS.snapshot_create.output, "Result of {@link Pyro.createSnapshot}."],
    SnapshotList: [OPERATIONS.snapshot_list.output, "Result of {@link Pyro.listSnapshots}."],
    ExportedSnapshot: [OPERATIONS.snapshot_export.output, "Result of {@link Pyro.exportSnapshot}."],
    DeletedSnapshot: [OPERATIONS.snapshot_delete.output, "Result of {@link Pyro.deleteSnapshot}."],
  },
  "shell-results": {
    ShellRecord: [OPERATIONS.terminal_resize.output, "A shell, as it was when the call was answered."],
    OpenedShell: [OPERATIONS.shell_open.output, "A shell that has been opened."],
    ShellOutput: [OPERATIONS.shell_read.output, "Result of {@link Pyro.readShell}."],
    ShellInput: [OPERATIONS.shell_write.output, "Result of {@link Pyro.writeShell}."],
    SignalledShell: [OPERATIONS.shell_signal.output, "Result of {@link Pyro.signalShell}."],
    ClosedShell: [OPERATIONS.shell_close.output, "Result of {@link Pyro.closeShell}."],
  },
};

/** File → interface → the operation whose input it is, and the options that come with the call. */
export const OPTIONS = {
  options: {
    InspectEnvironmentOptions: [
      OPERATIONS.env_inspect.input,
      ["CallOptions"],
      optionsOf("inspectEnvironment"),
    ],
    PruneEnvironmentsOptions: [OPERATIONS.env_prune.input, ["CallOptions"], optionsOf("pruneEnvironments")],
    PullEnvironmentOptions: [OPERATIONS.env_pull.input, ["ProgressOptions"], optionsOf("pullEnvironment")],
    CreateVmOptions: [OPERATIONS.vm_create.input, ["ProgressOptions"], optionsOf("createVm")],
    VmIdOptions: [OPERATIONS.vm_status.input, ["CallOptions"], "Options of calls that are about one guest."],
    ExecVmOptions: [OPERATIONS.vm_exec.input, ["CommandOptions"], optionsOf("execVm")],
    RunInVmOptions: [OPERATIONS.vm_run.input, ["CommandOptions", "ProgressOptions"], optionsOf("runInVm")],
    DoctorOptions: [OPERATIONS.doctor.input, ["CallOptions"], optionsOf("doctor")],
    PrepareOptions: [OPERATIONS.prepare.input, ["ProgressOptions"], optionsOf("prepare")],
  },
  "service-options": {
    StartServiceOptions: [OPERATIONS.service_start.input, ["ProgressOptions"], optionsOf("startService")],
    ServiceIdOptions: [
      OPERATIONS.service_status.input,
      ["CallOptions"],
      "Options of calls that are about one service.",
    ],
    ListServicesOptions: [OPERATIONS.service_list.input, ["CallOptions"], optionsOf("listServices")],
    LogsServiceOptions: [OPERATIONS.service_logs.input, ["OutputOptions"], optionsOf("logsService")],
  },
  "workspace-options": {
    CreateWorkspaceOptions: [
      OPERATIONS.workspace_create.input,
      ["ProgressOptions"],
      optionsOf("createWorkspace"),
    ],
    WorkspaceIdOptions: [
      OPERATIONS.workspace_status.input,
      ["ProgressOptions"],
      "Options of calls that are about one workspace.",
    ],
    UpdateWorkspaceOptions: [
      OPERATIONS.workspace_update.input,
      ["CallOptions"],
      optionsOf("updateWorkspace"),
    ],
    ExecWorkspaceOptions: [
      OPERATIONS.workspace_exec.input,
      ["CommandOptions", "ProgressOptions"],
      optionsOf("execWorkspace"),
    ],
    LogsWorkspaceOptions: [OPERATIONS.workspace_logs.input, ["CallOptions"], optionsOf("logsWorkspace")],
    NetworkLogWorkspaceOptions: [
      OPERATIONS.network_log.input,
      ["CallOptions"],
      optionsOf("networkLogWorkspace"),
    ],
    PushWorkspaceSyncOptions: [
      OPERATIONS.workspace_sync_push.input,
      ["ProgressOptions"],
      optionsOf("pushWorkspaceSync"),
    ],
    ListWorkspaceFilesOptions: [
      OPERATIONS.workspace_file_list.input,
      ["ProgressOptions"],
      optionsOf("listWorkspaceFiles"),
    ],
    ReadWorkspaceFileOptions: [
      OPERATIONS.workspace_file_read.input,
      ["ProgressOptions"],
      optionsOf("readWorkspaceFile"),
    ],
    WriteWorkspaceFileOptions: [
      OPERATIONS.workspace_file_write.input,
      ["ProgressOptions"],
      optionsOf("writeWorkspaceFile"),
    ],
    ApplyWorkspacePatchOptions: [
      OPERATIONS.workspace_patch_apply.input,
      ["ProgressOptions"],
      optionsOf("applyWorkspacePatch"),
    ],
    DiffWorkspaceOptions: [OPERATIONS.workspace_diff.input, ["ProgressOptions"], optionsOf("diffWorkspace")],
    ExportWorkspaceOptions: [
      OPERATIONS.workspace_export.input,
      ["ProgressOptions"],
      optionsOf("exportWorkspace"),
    ],
    ListWorkspaceDiskOptions: [
      OPERATIONS.workspace_disk_list.input,
      ["CallOptions"],
      optionsOf("listWorkspaceDisk"),
    ],
    ReadWorkspaceDiskOptions: [
      OPERATIONS.workspace_disk_read.input,
      ["CallOptions"],
      optionsOf("readWorkspaceDisk"),
    ],
    ExportWorkspaceDiskOptions: [
      OPERATIONS.workspace_disk_export.input,
      ["ProgressOptions"],
      optionsOf("exportWorkspaceDisk"),
    ],
    ResetWorkspaceOptions: [
      OPERATIONS.workspace_reset.input,
      ["ProgressOptions"],
      optionsOf("resetWorkspace"),
    ],
    CreateSnapshotOptions: [
      OPERATIONS.snapshot_create.input,
      ["ProgressOptions"],
      optionsOf("createSnapshot"),
    ],
    ExportSnapshotOptions: [OPERATIONS.snapshot_export.input, ["CallOptions"], optionsOf("exportSnapshot")],
    DeleteSnapshotOptions: [OPERATIONS.snapshot_delete.input, ["CallOptions"], optionsOf("deleteSnapshot")],
  },
  "shell-options": {
    OpenShellOptions: [OPERATIONS.shell_open.input, ["ProgressOptions"], optionsOf("openShell")],
    ReadShellOptions: [OPERATIONS.shell_read.input, ["CallOptions"], optionsOf("readShell")],
    WriteShellOptions: [OPERATIONS.shell_write.input, ["CallOptions"], optionsOf("writeShell")],
    SignalShellOptions: [OPERATIONS.shell_signal.input, ["CallOptions"], optionsOf("signalShell")],
    ResizeShellOptions: [OPERATIONS.terminal_resize.input, ["CallOptions"], optionsOf("resizeShell")],
    ShellIdOptions: [
      OPERATIONS.shell_close.input,
      ["CallOptions"],
      "Options of calls that are about one shell.",
    ],
  },
};

function optionsOf(method) {
  return `Options of {@link Pyro.${method}}.`;
}
