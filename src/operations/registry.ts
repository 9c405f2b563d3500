// All operations. Daemon, client, CLI, MCP server and SDK know them by this table only.

import type { z } from "zod";
import { daemonStatus } from "./daemon-status.js";
import { doctor } from "./doctor.js";
import { envInspect } from "./env-inspect.js";
import { envList } from "./env-list.js";
import { envPrune } from "./env-prune.js";
import { envPull } from "./env-pull.js";
import { prepare } from "./prepare.js";
import { vmCreate } from "./vm-create.js";
import { vmDelete } from "./vm-delete.js";
import { vmExec } from "./vm-exec.js";
import { vmNetworkInfo } from "./vm-network-info.js";
import { vmReapExpired } from "./vm-reap-expired.js";
import { vmRun } from "./vm-run.js";
import { vmStart } from "./vm-start.js";
import { vmStatus } from "./vm-status.js";
import { vmStop } from "./vm-stop.js";

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
