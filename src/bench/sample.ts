// Many runs of one measurement, without those that only warm things up.

import type { ScenarioContext } from "./scenario.js";

const WARM_UPS = 1;

/** Measures once more than `runs` says, and drops the first value. */
export async function sample(
  { runs, signal }: Pick<ScenarioContext, "runs" | "signal">,
  measure: () => Promise<number>,
): Promise<number[]> {
  const values: number[] = [];
  for (let run = 0; run < runs + WARM_UPS; run++) {
    signal.throwIfAborted();
    values.push(await measure());
  }
  return values.slice(WARM_UPS);
}

/** Milliseconds that `act` takes. */
export async function timeMs(act: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await act();
  return performance.now() - startedMs;
}
