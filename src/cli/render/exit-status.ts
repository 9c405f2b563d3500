// The exit status that a successful call means: the guest's own, or what a report amounts to.

import type { OperationId, ResultOf } from "../../operations/registry.js";

/** As ERROR_CATALOGUE has it for `engine_unavailable`: no guest can start. */
const UNAVAILABLE_STATUS = 5;

const TIMEOUT_STATUS = 6;
const FAILED_STATUS = 1;

const STATUSES: { readonly [Id in OperationId]?: (result: ResultOf<Id>) => number } = {
  vm_run: (result) => result.exit_code,
  workspace_exec: (result) => result.exit_code,
  service_start: (result) => serviceStatus(result),
  doctor: (result) => (result.runtime_ok ? 0 : UNAVAILABLE_STATUS),
};

/** One that was not ready in time is as a call that took too long: ERROR_CATALOGUE has the same for `timeout`. */
function serviceStatus({ state, stop_reason: reason }: ResultOf<"service_start">): number {
  if (state !== "failed") return 0;
  return reason === "readiness_timeout" ? TIMEOUT_STATUS : FAILED_STATUS;
}

export function exitStatusOf<Id extends OperationId>(id: Id, result: ResultOf<Id>): number {
  return STATUSES[id]?.(result) ?? 0;
}
