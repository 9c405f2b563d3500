// Guests that do nothing, for what they cost then.

import { setTimeout } from "node:timers/promises";
import { createVm } from "./one-shot.js";
import { listProcesses, selectMachine } from "./sandbox-processes.js";
import type { ScenarioContext } from "./scenario.js";

export const IDLE_GUESTS = 5;
/** What a start leaves to be done is done by then: the runtime's own work ends with no event. */
const SETTLE_MS = 2_000;

/**
 * Starts guests, lets them become idle, calls `act` with the pids of each, and removes them. A guest that another
 * client starts meanwhile is taken for one of them, which does no harm: it costs the same.
 */
export async function withIdleGuests<Result>(
  context: ScenarioContext,
  act: (guests: readonly (readonly number[])[]) => Promise<Result>,
): Promise<Result> {
  const { client, signal } = context;
  const before = new Set(await listMachineIds(context));
  const vmIds: string[] = [];
  try {
    for (let count = 0; count < IDLE_GUESTS; count++) {
      const vmId = await createVm(context);
      vmIds.push(vmId);
      await client.invoke("vm_start", { vm_id: vmId }, { signal });
    }
    await setTimeout(SETTLE_MS, undefined, { signal });
    const started = (await listMachineIds(context)).filter((id) => !before.has(id));
    const processes = await listProcesses();
    return await act(started.map((id) => selectMachine(processes, id)));
  } finally {
    // Without the signal: an interrupted benchmark leaves nothing either.
    for (const vmId of vmIds) await client.invoke("vm_delete", { vm_id: vmId });
  }
}

async function listMachineIds({ client, signal }: ScenarioContext): Promise<string[]> {
  const { guests } = await client.invoke("daemon_status", {}, { signal });
  return guests.map((guest) => guest.machine_id);
}
