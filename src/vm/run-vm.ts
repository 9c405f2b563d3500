// One command in a fresh guest; whatever happens, the guest is gone afterwards.

import type { VmId } from "../contract/ids.js";
import type { GuestOrigin } from "./guest-origin.js";
import type { GuestRegistry, GuestSize } from "./guest-registry.js";
import { runCommand, type CommandContext, type CommandInput, type CommandOutcome } from "./run-command.js";
import { newVmId } from "./vm-record.js";

export interface RunVmInput extends CommandInput, GuestSize {
  readonly origin: GuestOrigin;
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
  const guest = await guests.start(input.origin, input, context.signal);
  try {
    await tell({ phase: "execute", vm_id: vmId });
    return { vmId, ...(await runCommand(guest.machine, input, context)) };
  } finally {
    await guests.remove(guest);
  }
}
