// Which operation the user's words mean.

import type { CliBinding, Operation } from "../operations/operation.js";
import { OPERATION_IDS, OPERATIONS } from "../operations/registry.js";

/** How the command that `own` begins with is called; undefined when it is no operation. */
export function findBinding(own: readonly string[]): CliBinding | undefined {
  for (const id of OPERATION_IDS) {
    const operation: Operation = OPERATIONS[id];
    if (operation.cli?.words.every((word, index) => own[index] === word)) return operation.cli;
  }
  return undefined;
}
