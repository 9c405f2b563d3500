// The documented interfaces of src/sdk/gen are the operations' schemas, no more and no less.

import { expectTypeOf, test } from "vitest";
import type * as sdk from "../../../src/index.js";
import type { OptionsOf, SdkResultOf } from "../../../src/sdk/call.js";
import type { OperationId } from "../../../src/operations/registry.js";

/** An operation's own options, without those that every call has. */
type Fields<Id extends OperationId> = Omit<
  OptionsOf<Id>,
  keyof sdk.CommandOptions | keyof sdk.ProgressOptions
>;
type Own<Options> = Omit<Options, keyof sdk.CommandOptions | keyof sdk.ProgressOptions>;

test("results", () => {
  expectTypeOf<sdk.EnvironmentList>().toEqualTypeOf<SdkResultOf<"vm_list_environments">>();
  expectTypeOf<sdk.EnvironmentDetails>().toEqualTypeOf<SdkResultOf<"env_inspect">>();
  expectTypeOf<sdk.PulledEnvironment>().toEqualTypeOf<SdkResultOf<"env_pull">>();
  expectTypeOf<sdk.PruneResult>().toEqualTypeOf<SdkResultOf<"env_prune">>();
  expectTypeOf<sdk.CommandResult>().toEqualTypeOf<SdkResultOf<"vm_run">>();
  expectTypeOf<sdk.CommandResult>().toEqualTypeOf<SdkResultOf<"vm_exec">>();
  expectTypeOf<sdk.VmRecord>().toEqualTypeOf<SdkResultOf<"vm_create">>();
  expectTypeOf<sdk.VmRecord>().toEqualTypeOf<SdkResultOf<"vm_status">>();
  expectTypeOf<sdk.DeletedVm>().toEqualTypeOf<SdkResultOf<"vm_delete">>();
  expectTypeOf<sdk.VmNetworkInfo>().toEqualTypeOf<SdkResultOf<"vm_network_info">>();
  expectTypeOf<sdk.ReapResult>().toEqualTypeOf<SdkResultOf<"vm_reap_expired">>();
  expectTypeOf<sdk.DoctorReport>().toEqualTypeOf<SdkResultOf<"doctor">>();
  expectTypeOf<sdk.PrepareResult>().toEqualTypeOf<SdkResultOf<"prepare">>();
  expectTypeOf<sdk.WorkspaceRecord>().toEqualTypeOf<SdkResultOf<"workspace_create">>();
  expectTypeOf<sdk.WorkspaceRecord>().toEqualTypeOf<SdkResultOf<"workspace_status">>();
  expectTypeOf<sdk.WorkspaceRecord>().toEqualTypeOf<SdkResultOf<"workspace_update">>();
  expectTypeOf<sdk.WorkspaceRecord>().toEqualTypeOf<SdkResultOf<"workspace_stop">>();
  expectTypeOf<sdk.WorkspaceRecord>().toEqualTypeOf<SdkResultOf<"workspace_start">>();
  expectTypeOf<sdk.WorkspaceList>().toEqualTypeOf<SdkResultOf<"workspace_list">>();
  expectTypeOf<sdk.WorkspaceCommandResult>().toEqualTypeOf<SdkResultOf<"workspace_exec">>();
  expectTypeOf<sdk.WorkspaceLogs>().toEqualTypeOf<SdkResultOf<"workspace_logs">>();
  expectTypeOf<sdk.WorkspaceSummary>().toEqualTypeOf<SdkResultOf<"workspace_summary">>();
  expectTypeOf<sdk.StartedService>().toEqualTypeOf<SdkResultOf<"service_start">>();
  expectTypeOf<sdk.ServiceRecord>().toEqualTypeOf<SdkResultOf<"service_status">>();
  expectTypeOf<sdk.ServiceRecord>().toEqualTypeOf<SdkResultOf<"service_stop">>();
  expectTypeOf<sdk.ServiceList>().toEqualTypeOf<SdkResultOf<"service_list">>();
  expectTypeOf<sdk.ServiceLogs>().toEqualTypeOf<SdkResultOf<"service_logs">>();
  expectTypeOf<sdk.SyncResult>().toEqualTypeOf<SdkResultOf<"workspace_sync_push">>();
  expectTypeOf<sdk.FileList>().toEqualTypeOf<SdkResultOf<"workspace_file_list">>();
  expectTypeOf<sdk.FileContent>().toEqualTypeOf<SdkResultOf<"workspace_file_read">>();
  expectTypeOf<sdk.WrittenFile>().toEqualTypeOf<SdkResultOf<"workspace_file_write">>();
  expectTypeOf<sdk.PatchResult>().toEqualTypeOf<SdkResultOf<"workspace_patch_apply">>();
  expectTypeOf<sdk.WorkspaceDiff>().toEqualTypeOf<SdkResultOf<"workspace_diff">>();
  expectTypeOf<sdk.ExportResult>().toEqualTypeOf<SdkResultOf<"workspace_export">>();
  expectTypeOf<sdk.ResetResult>().toEqualTypeOf<SdkResultOf<"workspace_reset">>();
  expectTypeOf<sdk.DeletedWorkspace>().toEqualTypeOf<SdkResultOf<"workspace_delete">>();
  expectTypeOf<sdk.CreatedSnapshot>().toEqualTypeOf<SdkResultOf<"snapshot_create">>();
  expectTypeOf<sdk.SnapshotList>().toEqualTypeOf<SdkResultOf<"snapshot_list">>();
  expectTypeOf<sdk.DeletedSnapshot>().toEqualTypeOf<SdkResultOf<"snapshot_delete">>();
  expectTypeOf<sdk.ExportedSnapshot>().toEqualTypeOf<SdkResultOf<"snapshot_export">>();
});

test("options", () => {
  expectTypeOf<Own<sdk.InspectEnvironmentOptions>>().toEqualTypeOf<Fields<"env_inspect">>();
  expectTypeOf<Own<sdk.PruneEnvironmentsOptions>>().toEqualTypeOf<Fields<"env_prune">>();
  expectTypeOf<Own<sdk.PullEnvironmentOptions>>().toEqualTypeOf<Fields<"env_pull">>();
  expectTypeOf<Own<sdk.CreateVmOptions>>().toEqualTypeOf<Fields<"vm_create">>();
  expectTypeOf<Own<sdk.ExecVmOptions>>().toEqualTypeOf<Fields<"vm_exec">>();
  expectTypeOf<Own<sdk.RunInVmOptions>>().toEqualTypeOf<Fields<"vm_run">>();
  expectTypeOf<Own<sdk.DoctorOptions>>().toEqualTypeOf<Fields<"doctor">>();
  expectTypeOf<Own<sdk.PrepareOptions>>().toEqualTypeOf<Fields<"prepare">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_start">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_stop">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_delete">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_status">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_network_info">>();
  expectTypeOf<Own<sdk.CreateWorkspaceOptions>>().toEqualTypeOf<Fields<"workspace_create">>();
  expectTypeOf<Own<sdk.UpdateWorkspaceOptions>>().toEqualTypeOf<Fields<"workspace_update">>();
  expectTypeOf<Own<sdk.ExecWorkspaceOptions>>().toEqualTypeOf<Fields<"workspace_exec">>();
  expectTypeOf<Own<sdk.LogsWorkspaceOptions>>().toEqualTypeOf<Fields<"workspace_logs">>();
  expectTypeOf<Own<sdk.PushWorkspaceSyncOptions>>().toEqualTypeOf<Fields<"workspace_sync_push">>();
  expectTypeOf<Own<sdk.ListWorkspaceFilesOptions>>().toEqualTypeOf<Fields<"workspace_file_list">>();
  expectTypeOf<Own<sdk.ReadWorkspaceFileOptions>>().toEqualTypeOf<Fields<"workspace_file_read">>();
  expectTypeOf<Own<sdk.WriteWorkspaceFileOptions>>().toEqualTypeOf<Fields<"workspace_file_write">>();
  expectTypeOf<Own<sdk.ApplyWorkspacePatchOptions>>().toEqualTypeOf<Fields<"workspace_patch_apply">>();
  expectTypeOf<Own<sdk.DiffWorkspaceOptions>>().toEqualTypeOf<Fields<"workspace_diff">>();
  expectTypeOf<Own<sdk.ExportWorkspaceOptions>>().toEqualTypeOf<Fields<"workspace_export">>();
  expectTypeOf<Own<sdk.ResetWorkspaceOptions>>().toEqualTypeOf<Fields<"workspace_reset">>();
  expectTypeOf<Own<sdk.CreateSnapshotOptions>>().toEqualTypeOf<Fields<"snapshot_create">>();
  expectTypeOf<Own<sdk.ExportSnapshotOptions>>().toEqualTypeOf<Fields<"snapshot_export">>();
  expectTypeOf<Own<sdk.DeleteSnapshotOptions>>().toEqualTypeOf<Fields<"snapshot_delete">>();
  expectTypeOf<Own<sdk.WorkspaceIdOptions>>().toEqualTypeOf<Fields<"workspace_status">>();
  expectTypeOf<Own<sdk.WorkspaceIdOptions>>().toEqualTypeOf<Fields<"workspace_summary">>();
  expectTypeOf<Own<sdk.NetworkLogWorkspaceOptions>>().toEqualTypeOf<Fields<"network_log">>();
  expectTypeOf<Own<sdk.WorkspaceIdOptions>>().toEqualTypeOf<Fields<"workspace_stop">>();
  expectTypeOf<Own<sdk.WorkspaceIdOptions>>().toEqualTypeOf<Fields<"workspace_start">>();
  expectTypeOf<Own<sdk.WorkspaceIdOptions>>().toEqualTypeOf<Fields<"workspace_delete">>();
  expectTypeOf<Own<sdk.WorkspaceIdOptions>>().toEqualTypeOf<Fields<"snapshot_list">>();
  expectTypeOf<Own<sdk.OpenShellOptions>>().toEqualTypeOf<Fields<"shell_open">>();
  expectTypeOf<Own<sdk.ReadShellOptions>>().toEqualTypeOf<Fields<"shell_read">>();
  expectTypeOf<Own<sdk.WriteShellOptions>>().toEqualTypeOf<Fields<"shell_write">>();
  expectTypeOf<Own<sdk.SignalShellOptions>>().toEqualTypeOf<Fields<"shell_signal">>();
  expectTypeOf<Own<sdk.ResizeShellOptions>>().toEqualTypeOf<Fields<"terminal_resize">>();
  expectTypeOf<Own<sdk.ShellIdOptions>>().toEqualTypeOf<Fields<"shell_close">>();
  expectTypeOf<Own<sdk.StartServiceOptions>>().toEqualTypeOf<Fields<"service_start">>();
  expectTypeOf<Own<sdk.ServiceIdOptions>>().toEqualTypeOf<Fields<"service_status">>();
  expectTypeOf<Own<sdk.ServiceIdOptions>>().toEqualTypeOf<Fields<"service_stop">>();
  expectTypeOf<Own<sdk.ListServicesOptions>>().toEqualTypeOf<Fields<"service_list">>();
  expectTypeOf<Own<sdk.LogsServiceOptions>>().toEqualTypeOf<Fields<"service_logs">>();
});

test("Pyro has the contract's methods", () => {
  expectTypeOf<keyof sdk.Pyro>().toEqualTypeOf<
    | "listEnvironments"
    | "pullEnvironment"
    | "inspectEnvironment"
    | "pruneEnvironments"
    | "createVm"
    | "startVm"
    | "execVm"
    | "stopVm"
    | "deleteVm"
    | "statusVm"
    | "networkInfoVm"
    | "reapExpired"
    | "runInVm"
    | "doctor"
    | "prepare"
    | "createWorkspace"
    | "workspace"
    | "listWorkspaces"
    | "updateWorkspace"
    | "statusWorkspace"
    | "execWorkspace"
    | "pushWorkspaceSync"
    | "logsWorkspace"
    | "summarizeWorkspace"
    | "networkLogWorkspace"
    | "exportWorkspace"
    | "diffWorkspace"
    | "resetWorkspace"
    | "stopWorkspace"
    | "startWorkspace"
    | "deleteWorkspace"
    | "listWorkspaceFiles"
    | "readWorkspaceFile"
    | "writeWorkspaceFile"
    | "applyWorkspacePatch"
    | "listWorkspaceDisk"
    | "readWorkspaceDisk"
    | "exportWorkspaceDisk"
    | "createSnapshot"
    | "listSnapshots"
    | "deleteSnapshot"
    | "openShell"
    | "shell"
    | "readShell"
    | "writeShell"
    | "signalShell"
    | "resizeShell"
    | "closeShell"
    | "followShell"
    | "startService"
    | "listServices"
    | "statusService"
    | "stopService"
    | "logsService"
    | "exportSnapshot"
  >();
  expectTypeOf<sdk.Pyro["createVm"]>().returns.resolves.toEqualTypeOf<sdk.Vm>();
  expectTypeOf<sdk.Vm>().toExtend<AsyncDisposable>();
  expectTypeOf<sdk.Pyro["startService"]>().returns.resolves.toEqualTypeOf<sdk.Service>();
  expectTypeOf<sdk.Pyro["createWorkspace"]>().returns.resolves.toEqualTypeOf<sdk.Workspace>();
  expectTypeOf<sdk.Workspace>().toExtend<AsyncDisposable>();
});
