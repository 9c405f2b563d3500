// create → first exec with a guest parked.

import { awaitParked, ensureParked } from "../await-parked.js";
import { createAndExec } from "../one-shot.js";
import { sample, timeMs } from "../sample.js";
import type { Scenario } from "../scenario.js";

export const poolHit: Scenario = {
  name: "pool-hit",
  title: "create → first exec done, guest parked",
  unit: "ms",
  goal: 20,
  runs: 20,
  async run(context) {
    await ensureParked(context);
    return sample(context, async () => {
      await awaitParked(context);
      return timeMs(() => createAndExec(context));
    });
  },
};
