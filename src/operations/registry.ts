// All operations. Daemon, client, CLI, MCP server and SDK know them by this table only.

import type { z } from "zod";
import { daemonStatus } from "./daemon-status.js";
import { doctor } from "./doctor.js";
import { envInspect } from "./env-inspect.js";
import { envList } from "./env-list.js";
import { envPrune } from "./env-prune.js";
import { envPull } from "./env-pull.js";
import { vmRun } from "./vm-run.js";

export const OPERATIONS = {
  doctor,
  vm_list_environments: envList,
  env_inspect: envInspect,
  env_pull: envPull,
  env_prune: envPrune,
  vm_run: vmRun,
  daemon_status: daemonStatus,
} as const;

export type OperationId = keyof typeof OPERATIONS;
/** What a caller gives; fields with defaults may be absent. */
export type InputOf<Id extends OperationId> = z.input<(typeof OPERATIONS)[Id]["input"]>;
/** The same after parsing: every field is there. */
export type ParsedInputOf<Id extends OperationId> = z.output<(typeof OPERATIONS)[Id]["input"]>;
export type ResultOf<Id extends OperationId> = z.output<(typeof OPERATIONS)[Id]["output"]>;

export function isOperationId(text: string): text is OperationId {
  return Object.hasOwn(OPERATIONS, text);
}
