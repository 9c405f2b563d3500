// Processor time of idle guests.

import { access } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { IDLE_GUESTS, withIdleGuests } from "../idle-guests.js";
import { readCpuSeconds } from "../sandbox-processes.js";
import { ScenarioSkipped, type Scenario, type ScenarioContext } from "../scenario.js";

const WINDOW_MS = 3_000;

export const idleCpu: Scenario = {
  name: "idle-cpu",
  title: `processor time of ${IDLE_GUESTS} idle guests together, over ${WINDOW_MS / 1000} s`,
  unit: "% of a core",
  goal: undefined,
  runs: 3,
  async run(context) {
    await access("/proc/self/schedstat").catch(() => {
      throw new ScenarioSkipped("this kernel does not count processor time in /proc/PID/schedstat");
    });
    return withIdleGuests(context, async (guests) => {
      const pids = guests.flat();
      const values: number[] = [];
      for (let run = 0; run < context.runs; run++) values.push(await measureShare(pids, context));
      return values;
    });
  },
};

async function measureShare(pids: readonly number[], { signal }: ScenarioContext): Promise<number> {
  const startedMs = performance.now();
  const before = await readCpuSeconds(pids);
  await setTimeout(WINDOW_MS, undefined, { signal });
  const used = (await readCpuSeconds(pids)) - before;
  return (used * 100 * 1000) / (performance.now() - startedMs);
}
