// The exit status of a command that failed.

import type { ErrorCode, PyroError } from "../contract/errors.js";
import type { CliBinding } from "../operations/operation.js";

/** `run` and `workspace exec` answer with the guest command's status: a failure of our own must not look like one. */
const OWN_FAILURE_STATUS = 125;
/** Wrong usage and Ctrl-C are no failures of ours. */
const CALLERS_DOING: ReadonlySet<ErrorCode> = new Set(["invalid_input", "cancelled"]);

/** `cli`: of the command; undefined when it is no operation. */
export function failureStatus(cli: CliBinding | undefined, error: PyroError): number {
  return cli?.guestStatus && !CALLERS_DOING.has(error.code) ? OWN_FAILURE_STATUS : error.exitStatus;
}
