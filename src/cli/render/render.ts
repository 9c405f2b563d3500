// How people read each operation's result.

import type { OperationId, ResultOf } from "../../operations/registry.js";
import { renderDaemonStatus } from "./daemon-status.js";
import { renderDoctor } from "./doctor.js";
import { renderEnvList, renderEnvironment, renderPrune, renderPull } from "./environments.js";
import { renderPrepare } from "./prepare.js";
import type { Rendering } from "./rendering.js";
import { renderRun } from "./run.js";

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
  daemon_status: renderDaemonStatus,
};

export function render<Id extends OperationId>(id: Id, result: ResultOf<Id>): Rendering {
  return RENDERERS[id](result);
}
