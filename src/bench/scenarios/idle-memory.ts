// Memory of idle guests, by what their processes have.

import { IDLE_GUESTS, withIdleGuests } from "../idle-guests.js";
import { readProportionalMemory } from "../sandbox-processes.js";
import type { Scenario } from "../scenario.js";

export const idleMemory: Scenario = {
  name: "idle-memory",
  title: `memory per idle guest of ${IDLE_GUESTS}, proportional`,
  unit: "MB",
  goal: 30,
  runs: 1,
  async run(context) {
    const values: number[] = [];
    for (let run = 0; run < context.runs; run++) {
      const sizes = await withIdleGuests(context, (guests) =>
        Promise.all(guests.map(readProportionalMemory)),
      );
      values.push(...sizes.map((bytes) => bytes / 1e6));
    }
    return values;
  },
};
