// Why a guest died under what was asked of it.

import { PyroError } from "../contract/errors.js";
import type { Machine } from "../machine/engine.js";

/** From the `guest_died` of a call; `during` ends the sentence. The guest is gone, or is let go. */
export async function explainDeath(machine: Machine, error: PyroError, during: string): Promise<PyroError> {
  // The connection is what was lost, so that this resolves at once; else the guest is there and does not answer.
  machine.agent.close();
  const exit = await machine.exited;
  const code = exit.reason === "out_of_memory" ? "guest_out_of_memory" : "guest_died";
  return new PyroError(code, `${exit.message} ${during}`, { cause: error });
}
