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
  daemon_status: daemonStatus,
};
