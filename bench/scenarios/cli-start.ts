// Whole processes of the CLI that start no guest.

import { sample, timeMs } from "../../src/bench/sample.js";
import type { DeveloperScenario } from "../context.js";

export const cliVersion: DeveloperScenario = {
  name: "cli-version",
  title: "`pyro --version`",
  unit: "ms",
  goal: 80,
  runs: 20,
  run: (context) => sample(context, () => timeMs(() => context.pooled.cli(["--version"], context.signal))),
};

export const cliEnvList: DeveloperScenario = {
  name: "cli-env-list",
  title: "`pyro env list`, daemon running",
  unit: "ms",
  goal: 150,
  runs: 20,
  run: (context) => sample(context, () => timeMs(() => context.pooled.cli(["env", "list"], context.signal))),
};

export const cliEnvListStart: DeveloperScenario = {
  name: "cli-env-list-start",
  title: "`pyro env list`, daemon starting",
  unit: "ms",
  goal: undefined,
  runs: 5,
  run: (context) =>
    sample(context, async () => {
      await context.unpooled.stop();
      return timeMs(() => context.unpooled.cli(["env", "list"], context.signal));
    }),
};
