// Memory of idle guests, by what the host has less.

import { readAvailableMemory } from "../../platform/host-resources.js";
import { awaitParked } from "../await-parked.js";
import { IDLE_GUESTS, withIdleGuests } from "../idle-guests.js";
import { runTrue } from "../one-shot.js";
import { ScenarioSkipped, type Scenario, type ScenarioContext } from "../scenario.js";

export const idleAvailable: Scenario = {
  name: "idle-available",
  title: `available memory that each of ${IDLE_GUESTS} idle guests takes from the host`,
  unit: "MB",
  goal: undefined,
  runs: 3,
  async run(context) {
    const values: number[] = [];
    for (let run = 0; run < context.runs; run++) values.push((await measure(context)) / 1e6);
    return values;
  },
};

/** Bytes for each sandbox that was not there before, parked ones too. */
async function measure(context: ScenarioContext): Promise<number> {
  await runTrue(context);
  const before = await look(context);
  const after = await withIdleGuests(context, () => look(context));
  return (before.availableBytes - after.availableBytes) / (after.sandboxes - before.sandboxes);
}

async function look(context: ScenarioContext) {
  // Not while the pool starts one more.
  await awaitParked(context).catch((error: unknown) => {
    if (!(error instanceof ScenarioSkipped)) throw error;
  });
  const { guests, pool } = await context.client.invoke("daemon_status", {}, { signal: context.signal });
  const availableBytes = readAvailableMemory();
  return { availableBytes, sandboxes: guests.length + pool.parked.length };
}
