// All operations. Daemon, client, CLI, MCP server and SDK know them by this table only.

import type { z } from "zod";
import { daemonStatus } from "./daemon-status.js";
import { doctor } from "./doctor.js";
import { envInspect } from "./env-inspect.js";
import { envList } from "./env-list.js";
import { envPrune } from "./env-prune.js";
import { envPull } from "./env-pull.js";
import { networkLog } from "./network-log.js";
import { prepare } from "./prepare.js";
import { shellClose } from "./shell-close.js";
import { shellOpen } from "./shell-open.js";
import { shellRead } from "./shell-read.js";
import { shellSignal } from "./shell-signal.js";
import { shellWrite } from "./shell-write.js";
import { serviceList } from "./service-list.js";
import { serviceLogs } from "./service-logs.js";
import { serviceStart } from "./service-start.js";
import { serviceStatus } from "./service-status.js";
import { serviceStop } from "./service-stop.js";
import { snapshotCreate } from "./snapshot-create.js";
import { snapshotDelete } from "./snapshot-delete.js";
import { snapshotExport } from "./snapshot-export.js";
import { snapshotList } from "./snapshot-list.js";
import { terminalAttach } from "./terminal-attach.js";
import { terminalResize } from "./terminal-resize.js";
import { vmCreate } from "./vm-create.js";
import { vmDelete } from "./vm-delete.js";
import { vmExec } from "./vm-exec.js";
import { vmNetworkInfo } from "./vm-network-info.js";
import { vmReapExpired } from "./vm-reap-expired.js";
import { vmRun } from "./vm-run.js";
import { vmStart } from "./vm-start.js";
import { vmStatus } from "./vm-status.js";
import { vmStop } from "./vm-stop.js";
import { workspaceCreate } from "./workspace-create.js";
import { workspaceDelete } from "./workspace-delete.js";
import { workspaceDiff } from "./workspace-diff.js";
import { workspaceExec } from "./workspace-exec.js";
import { workspaceExport } from "./workspace-export.js";
import { workspaceDiskExport } from "./workspace-disk-export.js";
import { workspaceDiskList } from "./workspace-disk-list.js";
import { workspaceDiskRead } from "./workspace-disk-read.js";
import { workspaceFileList } from "./workspace-file-list.js";
import { workspaceFileRead } from "./workspace-file-read.js";
import { workspaceFileWrite } from "./workspace-file-write.js";
import { workspaceList } from "./workspace-list.js";
import { workspaceLogs } from "./workspace-logs.js";
import { workspacePatchApply } from "./workspace-patch-apply.js";
import { workspaceReset } from "./workspace-reset.js";
import { workspaceStart } from "./workspace-start.js";
import { workspaceStatus } from "./workspace-status.js";
import { workspaceStop } from "./workspace-stop.js";
import { workspaceSummary } from "./workspace-summary.js";
import { workspaceSyncPush } from "./workspace-sync-push.js";
import { workspaceUpdate } from "./workspace-update.js";

export const OPERATIONS = {
  doctor,
  prepare,
  vm_list_environments: envList,
  env_inspect: envInspect,
  env_pull: envPull,
  env_prune: envPrune,
  vm_run: vmRun,
  vm_create: vmCreate,
  vm_start: vmStart,
  vm_exec: vmExec,
  vm_stop: vmStop,
  vm_delete: vmDelete,
  vm_status: vmStatus,
  vm_network_info: vmNetworkInfo,
  vm_reap_expired: vmReapExpired,
  workspace_create: workspaceCreate,
  workspace_list: workspaceList,
  workspace_update: workspaceUpdate,
  workspace_status: workspaceStatus,
  workspace_exec: workspaceExec,
  workspace_logs: workspaceLogs,
  workspace_summary: workspaceSummary,
  network_log: networkLog,
  workspace_sync_push: workspaceSyncPush,
  workspace_file_list: workspaceFileList,
  workspace_file_read: workspaceFileRead,
  workspace_file_write: workspaceFileWrite,
  workspace_patch_apply: workspacePatchApply,
  workspace_diff: workspaceDiff,
  workspace_export: workspaceExport,
  workspace_reset: workspaceReset,
  workspace_stop: workspaceStop,
  workspace_start: workspaceStart,
  workspace_delete: workspaceDelete,
  workspace_disk_list: workspaceDiskList,
  workspace_disk_read: workspaceDiskRead,
  workspace_disk_export: workspaceDiskExport,
  snapshot_create: snapshotCreate,
  snapshot_list: snapshotList,
  snapshot_delete: snapshotDelete,
  shell_open: shellOpen,
  shell_read: shellRead,
  shell_write: shellWrite,
  shell_signal: shellSignal,
  shell_close: shellClose,
  terminal_attach: terminalAttach,
  terminal_resize: terminalResize,
  service_start: serviceStart,
  service_list: serviceList,
  service_status: serviceStatus,
  service_stop: serviceStop,
  service_logs: serviceLogs,
  snapshot_export: snapshotExport,
  daemon_status: daemonStatus,
} as const;

export type OperationId = keyof typeof OPERATIONS;

type Table = typeof OPERATIONS;
type Inputs = { readonly [Id in OperationId]: z.input<Table[Id]["input"]> };
type ParsedInputs = { readonly [Id in OperationId]: z.output<Table[Id]["input"]> };
type Results = { readonly [Id in OperationId]: z.output<Table[Id]["output"]> };

/** What a caller gives; fields with defaults may be absent. */
export type InputOf<Id extends OperationId> = Inputs[Id];
/** The same after parsing: every field is there. */
export type ParsedInputOf<Id extends OperationId> = ParsedInputs[Id];
export type ResultOf<Id extends OperationId> = Results[Id];

export const OPERATION_IDS: readonly OperationId[] = Object.keys(OPERATIONS).filter(isOperationId);

/** The schemas, typed so that a generic id selects the types that belong to it. */
export const SCHEMAS: {
  readonly [Id in OperationId]: {
    readonly input: z.ZodType<ParsedInputs[Id]>;
    readonly output: z.ZodType<Results[Id]>;
  };
} = OPERATIONS;

export function isOperationId(text: string): text is OperationId {
  return Object.hasOwn(OPERATIONS, text);
}
