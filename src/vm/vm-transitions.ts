// Which act is allowed in which state of a one-shot guest, and what comes of it.

import { PyroError } from "../contract/errors.js";
import type { VmRecord, VmState } from "./vm-record.js";

export type VmAct = "start" | "exec" | "stop";

/** `same`: nothing to do, repeating is a success. Missing: not allowed. */
const TRANSITIONS: { readonly [State in VmState]: { readonly [Act in VmAct]?: VmState | "same" } } = {
  created: { start: "started", exec: "started", stop: "stopped" },
  started: { start: "same", exec: "same", stop: "stopped" },
  // Its files went with its guest: what is stopped can only be looked at and deleted.
  stopped: { stop: "same" },
};

/** The state after the act; "same" when it is the present one already. Throws `conflict`. */
export function nextState(record: VmRecord, act: VmAct): VmState | "same" {
  const next = TRANSITIONS[record.state][act];
  if (next) return next;
  throw new PyroError("conflict", `cannot ${act} ${record.vmId}: it is ${record.state}`, {
    hint: "A one-shot guest keeps nothing when it stops: delete it and create a new one.",
  });
}
