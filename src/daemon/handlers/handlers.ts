// Operation id → what the daemon does.

import type { Handlers } from "../handler.js";
import { daemonStatus } from "./daemon-status.js";
import { doctor } from "./doctor.js";
import { inspectEnvironment, listEnvironments, pruneEnvironments, pullEnvironment } from "./environments.js";
import { vmRun } from "./vm-run.js";

export const handlers: Handlers = {
  doctor,
  vm_list_environments: listEnvironments,
  env_inspect: inspectEnvironment,
  env_pull: pullEnvironment,
  env_prune: pruneEnvironments,
  vm_run: vmRun,
  daemon_status: daemonStatus,
};
