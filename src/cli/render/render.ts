// How people read each operation's result.

import type { OperationId, ResultOf } from "../../operations/registry.js";
import { renderDaemonStatus } from "./daemon-status.js";
import { renderDoctor } from "./doctor.js";
import { renderEnvList, renderEnvironment, renderPrune, renderPull } from "./environments.js";
import { renderPrepare } from "./prepare.js";
import type { Rendering } from "./rendering.js";
import { renderRun } from "./run.js";
import { renderDiff, renderPatch, renderSync } from "./workspace/changes.js";
import { renderExec, renderLogs, renderSummary } from "./workspace/commands.js";
import {
  renderDiskExport,
  renderExport,
  renderSnapshot,
  renderSnapshotDeleted,
  renderSnapshotExport,
  renderSnapshots,
} from "./workspace/exports.js";
import { renderFileList, renderFileRead, renderFileWrite } from "./workspace/files.js";
import { renderWorkspaceList } from "./workspace/list.js";
import { renderDeleted, renderRecord, renderReset } from "./workspace/record.js";
import { renderNetwork } from "./workspace/network.js";
import {
  renderServiceList,
  renderServiceLogs,
  renderServiceStart,
  renderServiceStatus,
  renderServiceStop,
} from "./workspace/services.js";
import { noticed } from "./workspace/recovery.js";
import {
  renderShellClose,
  renderShellOpen,
  renderShellRead,
  renderShellSignal,
  renderShellWrite,
} from "./workspace/shells.js";

/** For operations that are no command. */
const renderNothing = (): Rendering => ({});

const RENDERERS: { readonly [Id in OperationId]: (result: ResultOf<Id>) => Rendering } = {
  doctor: renderDoctor,
  prepare: renderPrepare,
  vm_list_environments: renderEnvList,
  env_inspect: renderEnvironment,
  env_pull: renderPull,
  env_prune: renderPrune,
  vm_run: renderRun,
  vm_exec: renderRun,
  vm_create: renderNothing,
  vm_start: renderNothing,
  vm_stop: renderNothing,
  vm_delete: renderNothing,
  vm_status: renderNothing,
  vm_network_info: renderNothing,
  vm_reap_expired: renderNothing,
  workspace_create: renderRecord("Workspace"),
  workspace_list: renderWorkspaceList,
  workspace_update: renderRecord("Updated workspace"),
  workspace_status: renderRecord("Workspace"),
  workspace_exec: noticed(renderExec),
  workspace_logs: renderLogs,
  workspace_summary: renderSummary,
  network_log: renderNetwork,
  workspace_sync_push: noticed(renderSync),
  workspace_file_list: noticed((result) => renderFileList(result, "workspace-file-list")),
  workspace_file_read: noticed((result) => renderFileRead(result, "workspace-file-read")),
  workspace_file_write: noticed(renderFileWrite),
  workspace_patch_apply: noticed(renderPatch),
  workspace_diff: noticed(renderDiff),
  workspace_export: noticed(renderExport),
  workspace_reset: renderReset,
  workspace_stop: renderRecord("Stopped workspace"),
  workspace_start: noticed(renderRecord("Started workspace")),
  workspace_delete: renderDeleted,
  workspace_disk_list: (result) => renderFileList(result, "workspace-disk-list"),
  workspace_disk_read: (result) => renderFileRead(result, "workspace-disk-read"),
  workspace_disk_export: renderDiskExport,
  snapshot_create: noticed(renderSnapshot),
  snapshot_list: renderSnapshots,
  snapshot_delete: renderSnapshotDeleted,
  shell_open: noticed(renderShellOpen),
  shell_read: renderShellRead,
  shell_write: renderShellWrite,
  shell_signal: renderShellSignal,
  shell_close: renderShellClose,
  terminal_attach: renderNothing,
  terminal_resize: renderNothing,
  service_start: noticed(renderServiceStart),
  service_list: renderServiceList,
  service_status: renderServiceStatus,
  service_stop: renderServiceStop,
  service_logs: renderServiceLogs,
  snapshot_export: noticed(renderSnapshotExport),
  daemon_status: renderDaemonStatus,
};

export function render<Id extends OperationId>(id: Id, result: ResultOf<Id>): Rendering {
  return RENDERERS[id](result);
}
