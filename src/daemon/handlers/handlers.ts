// Operation id → what the daemon does.

import type { Handlers } from "../handler.js";
import { daemonStatus } from "./daemon-status.js";
import { doctor } from "./doctor.js";
import { inspectEnvironment, listEnvironments, pruneEnvironments, pullEnvironment } from "./environments.js";
import { prepare } from "./prepare.js";
import { vmRun } from "./vm-run.js";
import {
  createVm,
  deleteVm,
  execVm,
  networkInfoVm,
  reapExpiredVms,
  startVm,
  statusVm,
  stopVm,
} from "./vms.js";
import {
  attachToTerminal,
  closeShell,
  openShell,
  readShell,
  resizeTerminal,
  signalShell,
  writeShell,
} from "./shells.js";
import { exportSnapshot } from "./snapshot-export.js";
import { createSnapshot, deleteSnapshot, listSnapshots } from "./snapshots.js";
import { execWorkspace, logsWorkspace } from "./workspace-commands.js";
import { listServices, logsService, startService, statusService, stopService } from "./workspace-services.js";
import { summarizeWorkspace } from "./workspace-summary.js";
import { exportWorkspaceDisk, listWorkspaceDisk, readWorkspaceDisk } from "./workspace-disks.js";
import {
  applyWorkspacePatch,
  diffWorkspace,
  exportWorkspace,
  listWorkspaceFiles,
  pushWorkspaceSync,
  readWorkspaceFile,
  writeWorkspaceFile,
} from "./workspace-files.js";
import { showNetwork } from "./workspace-network.js";
import {
  createWorkspace,
  deleteWorkspace,
  listWorkspaces,
  resetWorkspace,
  startWorkspace,
  statusWorkspace,
  stopWorkspace,
  updateWorkspace,
} from "./workspaces.js";

export const handlers: Handlers = {
  doctor,
  prepare,
  vm_list_environments: listEnvironments,
  env_inspect: inspectEnvironment,
  env_pull: pullEnvironment,
  env_prune: pruneEnvironments,
  vm_run: vmRun,
  vm_create: createVm,
  vm_start: startVm,
  vm_exec: execVm,
  vm_stop: stopVm,
  vm_delete: deleteVm,
  vm_status: statusVm,
  vm_network_info: networkInfoVm,
  vm_reap_expired: reapExpiredVms,
  workspace_create: createWorkspace,
  workspace_list: listWorkspaces,
  workspace_update: updateWorkspace,
  workspace_status: statusWorkspace,
  workspace_exec: execWorkspace,
  workspace_logs: logsWorkspace,
  workspace_summary: summarizeWorkspace,
  network_log: showNetwork,
  workspace_sync_push: pushWorkspaceSync,
  workspace_disk_list: listWorkspaceDisk,
  workspace_disk_read: readWorkspaceDisk,
  workspace_disk_export: exportWorkspaceDisk,
  workspace_file_list: listWorkspaceFiles,
  workspace_file_read: readWorkspaceFile,
  workspace_file_write: writeWorkspaceFile,
  workspace_patch_apply: applyWorkspacePatch,
  workspace_diff: diffWorkspace,
  workspace_export: exportWorkspace,
  workspace_reset: resetWorkspace,
  workspace_stop: stopWorkspace,
  workspace_start: startWorkspace,
  workspace_delete: deleteWorkspace,
  snapshot_create: createSnapshot,
  snapshot_list: listSnapshots,
  snapshot_delete: deleteSnapshot,
  shell_open: openShell,
  shell_read: readShell,
  shell_write: writeShell,
  shell_signal: signalShell,
  shell_close: closeShell,
  terminal_attach: attachToTerminal,
  terminal_resize: resizeTerminal,
  service_start: startService,
  service_list: listServices,
  service_status: statusService,
  service_stop: stopService,
  service_logs: logsService,
  snapshot_export: exportSnapshot,
  daemon_status: daemonStatus,
};
