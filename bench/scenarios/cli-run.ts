// `pyro run … -- true`, the whole process.

import { awaitParked, ensureParked } from "../../src/bench/await-parked.js";
import { sample, timeMs } from "../../src/bench/sample.js";
import type { BenchPyro } from "../bench-pyro.js";
import type { DeveloperContext, DeveloperScenario } from "../context.js";

export const cliRunParked: DeveloperScenario = {
  name: "cli-run-parked",
  title: "`pyro run debian:12 -- true`, guest parked",
  unit: "ms",
  goal: 200,
  runs: 20,
  async run(context) {
    await ensureParked(context);
    return sample(context, async () => {
      await awaitParked(context);
      return timeRun(context.pooled, context);
    });
  },
};

export const cliRunFresh: DeveloperScenario = {
  name: "cli-run-fresh",
  title: "`pyro run debian:12 -- true`, guest started",
  unit: "ms",
  goal: 450,
  runs: 20,
  run: (context) => sample(context, () => timeRun(context.unpooled, context)),
};

function timeRun(pyro: BenchPyro, { environment, signal }: DeveloperContext): Promise<number> {
  return timeMs(() => pyro.cli(["run", environment, "--", "true"], signal));
}
