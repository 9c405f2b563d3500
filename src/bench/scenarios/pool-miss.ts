// create → first exec with a guest that has to be started.

import { randomInt } from "node:crypto";
import { MEM_MIB } from "../../contract/limits.js";
import { awaitParked } from "../await-parked.js";
import { createAndExec } from "../one-shot.js";
import { sample, timeMs } from "../sample.js";
import { ScenarioSkipped, type Scenario, type ScenarioContext } from "../scenario.js";

export const poolMiss: Scenario = {
  name: "pool-miss",
  title: "create → first exec done, guest started",
  unit: "ms",
  goal: 180,
  runs: 10,
  async run(context) {
    // Sizes that nobody else asks for, so that no guest of one is parked.
    let memMib = MEM_MIB.min + randomInt(1, MEM_MIB.default - MEM_MIB.min - 2 * context.runs);
    return sample(context, async () => {
      memMib += 1;
      const durationMs = await timeMs(() => createAndExec(context, { mem_mib: memMib }));
      await awaitRefill(context, memMib);
      return durationMs;
    });
  },
};

// The pool now parks a guest of this size: the next run must not compete with that for the processor.
async function awaitRefill(context: ScenarioContext, memMib: number): Promise<void> {
  await awaitParked(context, memMib).catch((error: unknown) => {
    if (!(error instanceof ScenarioSkipped)) throw error;
  });
}
