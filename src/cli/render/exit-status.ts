// The exit status that a successful call means: the guest's own, or what a report amounts to.

import type { OperationId, ResultOf } from "../../operations/registry.js";

/** As ERROR_CATALOGUE has it for `engine_unavailable`: no guest can start. */
const UNAVAILABLE_STATUS = 5;

const STATUSES: { readonly [Id in OperationId]?: (result: ResultOf<Id>) => number } = {
  vm_run: (result) => result.exit_code,
  workspace_exec: (result) => result.exit_code,
  doctor: (result) => (result.runtime_ok ? 0 : UNAVAILABLE_STATUS),
};

export function exitStatusOf<Id extends OperationId>(id: Id, result: ResultOf<Id>): number {
  return STATUSES[id]?.(result) ?? 0;
}
