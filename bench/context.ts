// What the developer's scenarios have beyond those of `pyro bench`.

import type { Scenario, ScenarioContext } from "../src/bench/scenario.js";
import type { Machine } from "../src/machine/engine.js";
import type { BenchPyro } from "./bench-pyro.js";

export interface DeveloperContext extends ScenarioContext {
  /** Parks guests. Its daemon is the one that `client` talks to. */
  readonly pooled: BenchPyro;
  /** Parks none. */
  readonly unpooled: BenchPyro;
  /** Starts a guest without a daemon; whoever calls it removes it. */
  readonly startMachine: () => Promise<Machine>;
}

export type DeveloperScenario = Scenario<DeveloperContext>;
