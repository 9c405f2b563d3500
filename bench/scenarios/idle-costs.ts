// Memory of what runs while nothing is done.

import { setTimeout } from "node:timers/promises";
import { listProcesses, readProportionalMemory, selectMachine } from "../../src/bench/sandbox-processes.js";
import type { DeveloperContext, DeveloperScenario } from "../context.js";
import { withMachine } from "../with-machine.js";

/** What a start leaves to be done is done by then. */
const SETTLE_MS = 2_000;

export const daemonResident: DeveloperScenario = {
  name: "daemon-rss",
  title: "memory of the daemon, resident",
  unit: "MB",
  goal: 90,
  runs: 1,
  run: async (context) => [(await readDaemon(context)).memory_bytes / 1e6],
};

export const daemonProportional: DeveloperScenario = {
  name: "daemon-pss",
  title: "memory of the daemon, proportional",
  unit: "MB",
  goal: 90,
  runs: 1,
  run: async (context) => [(await readProportionalMemory([(await readDaemon(context)).pid])) / 1e6],
};

export const sandboxMemory: DeveloperScenario = {
  name: "sandbox-pss",
  title: "memory of one idle guest alone, proportional",
  unit: "MB",
  goal: 45,
  runs: 3,
  async run(context) {
    const values: number[] = [];
    for (let run = 0; run < context.runs; run++) {
      const bytes = await withMachine(context, async ({ id }) => {
        await setTimeout(SETTLE_MS, undefined, { signal: context.signal });
        return readProportionalMemory(selectMachine(await listProcesses(), id));
      });
      values.push(bytes / 1e6);
    }
    return values;
  },
};

function readDaemon({ client, signal }: DeveloperContext) {
  return client.invoke("daemon_status", {}, { signal });
}
