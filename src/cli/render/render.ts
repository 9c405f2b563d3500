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
import { noticed } from "./workspace/recovery.js";

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
  workspace_file_list: noticed(renderFileList),
  workspace_file_read: noticed(renderFileRead),
  workspace_file_write: noticed(renderFileWrite),
  workspace_patch_apply: noticed(renderPatch),
  workspace_diff: noticed(renderDiff),
  workspace_export: noticed(renderExport),
  workspace_reset: renderReset,
  workspace_stop: renderRecord("Stopped workspace"),
  workspace_start: noticed(renderRecord("Started workspace")),
  workspace_delete: renderDeleted,
  snapshot_create: noticed(renderSnapshot),
  snapshot_list: renderSnapshots,
  snapshot_delete: renderSnapshotDeleted,
  snapshot_export: noticed(renderSnapshotExport),
  daemon_status: renderDaemonStatus,
};

export function render<Id extends OperationId>(id: Id, result: ResultOf<Id>): Rendering {
  return RENDERERS[id](result);
}
