// A guest straight from the engine: from nothing to its first command, and away again.

import { TRUE_COMMAND } from "../../src/bench/one-shot.js";
import { sample, timeMs } from "../../src/bench/sample.js";
import type { DeveloperScenario } from "../context.js";
import { execWith, withMachine } from "../with-machine.js";

export const engineStart: DeveloperScenario = {
  name: "engine-start",
  title: "start of a guest to the end of its first command, engine alone",
  unit: "ms",
  goal: 180,
  runs: 20,
  run: (context) =>
    sample(context, async () => {
      const startedMs = performance.now();
      return withMachine(context, async (machine) => {
        await execWith(machine, TRUE_COMMAND, context.signal);
        return performance.now() - startedMs;
      });
    }),
};

export const engineRemoval: DeveloperScenario = {
  name: "engine-removal",
  title: "removal of a guest, everything of it",
  unit: "ms",
  goal: undefined,
  runs: 10,
  run: (context) =>
    sample(context, async () => {
      const machine = await context.startMachine();
      return timeMs(() => machine.remove());
    }),
};
