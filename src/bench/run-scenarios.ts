// Runs scenarios one after the other; one that fails does not take the others with it.

import { toPyroError } from "../contract/errors.js";
import { ScenarioSkipped, isThroughput, type Scenario, type ScenarioContext, type Unit } from "./scenario.js";
import { median, percentile } from "./statistics.js";

export interface Measured {
  readonly kind: "measured";
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly goal: number | undefined;
  readonly median: number;
  /** What 95 of 100 runs do not exceed; of a throughput, what they reach. */
  readonly p95: number;
  readonly values: readonly number[];
}

export interface NotMeasured {
  readonly kind: "skipped" | "failed";
  readonly name: string;
  readonly title: string;
  readonly reason: string;
}

export type ScenarioResult = Measured | NotMeasured;

/** `contextFor` gives each scenario its context, with its own number of runs. */
export async function runScenarios<Context extends ScenarioContext>(
  scenarios: readonly Scenario<Context>[],
  contextFor: (scenario: Pick<Scenario, "name" | "runs">) => Context,
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    const context = contextFor(scenario);
    await context.tell({ runs: context.runs });
    const result = await runOne(scenario, context);
    await context.tell(summarise(result));
    results.push(result);
  }
  return results;
}

async function runOne<Context extends ScenarioContext>(
  scenario: Scenario<Context>,
  context: Context,
): Promise<ScenarioResult> {
  const { name, title, unit, goal } = scenario;
  try {
    const values = await scenario.run(context);
    const p95 = percentile(values, isThroughput(unit) ? 0.05 : 0.95);
    return { kind: "measured", name, title, unit, goal, median: median(values), p95, values };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof ScenarioSkipped) return { kind: "skipped", name, title, reason: error.message };
    return { kind: "failed", name, title, reason: toPyroError(error).message };
  }
}

function summarise(result: ScenarioResult): Record<string, string | number> {
  if (result.kind !== "measured") return { [result.kind]: result.reason };
  return { median: Number(result.median.toPrecision(3)), unit: result.unit };
}
