// One command in a fresh guest; whatever happens, the guest is gone afterwards.

import { PyroError } from "../contract/errors.js";
import type { VmId } from "../contract/ids.js";
import type { GuestOrigin } from "../fleet/guest-origin.js";
import type { GuestRegistry, GuestSize } from "../fleet/guest-registry.js";
import {
  runCommand,
  type CommandContext,
  type CommandInput,
  type CommandOutcome,
} from "../fleet/run-command.js";
import { newVmId } from "./vm-record.js";

/** The guest itself ends the command at its timeout. */
const TIMEOUT_GRACE_SECONDS = 15;

export interface RunVmInput extends CommandInput, GuestSize {
  readonly origin: GuestOrigin;
  readonly ttlSeconds: number;
  readonly network: boolean;
}

export interface RunVmResult extends CommandOutcome {
  readonly vmId: VmId;
}

export async function runVm(
  guests: GuestRegistry,
  input: RunVmInput,
  context: CommandContext,
): Promise<RunVmResult> {
  const vmId = newVmId();
  const tell = (fields: Record<string, string | number>) =>
    context.onEvent({ type: "progress", tag: "run", fields });
  await tell({ phase: "create", environment: input.origin.environment.name });
  await tell({ phase: "start", vm_id: vmId });
  const network = input.network ? { recordFile: undefined } : undefined;
  const guest = await guests.start(vmId, { origin: input.origin, size: input, network }, context.signal);
  const lifetime = new AbortController();
  const timer = setTimeout(() => lifetime.abort(expired()), lifetimeMs(input));
  try {
    await tell({ phase: "execute", vm_id: vmId });
    const signal = AbortSignal.any([context.signal, lifetime.signal]);
    return {
      vmId,
      ...(await runCommand(guest.machine, { ...input, asImageUser: true }, { ...context, signal })),
    };
  } finally {
    clearTimeout(timer);
    await guests.remove(guest);
  }
}

/** A command gets its whole timeout, however short the guest's life: this ends one whose output nobody takes. */
function lifetimeMs({ ttlSeconds, timeoutSeconds }: RunVmInput): number {
  return Math.max(ttlSeconds, timeoutSeconds + TIMEOUT_GRACE_SECONDS) * 1000;
}

function expired(): PyroError {
  return new PyroError("timeout", "the guest's time to live is over", {
    hint: "Read its output faster, or give it more with --ttl-seconds.",
  });
}
