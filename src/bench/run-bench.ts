// A whole benchmark: prepares the host, reads its facts, runs scenarios and the comparison with the host.

import type { OnEvent } from "../contract/events.js";
import { PyroError } from "../contract/errors.js";
import type { Client } from "../client/client.js";
import { choose, checkNames } from "./choose.js";
import { compareWork } from "./comparison/compare.js";
import { WORKLOADS } from "./comparison/workloads.js";
import { readHostFacts } from "./host-facts.js";
import type { Report } from "./report.js";
import { runScenarios } from "./run-scenarios.js";
import type { Scenario, ScenarioContext } from "./scenario.js";

export interface BenchOptions {
  readonly client: Client;
  readonly environment: string;
  /** Names of scenarios and workloads; empty: all. */
  readonly only: readonly string[];
  /** Instead of each scenario's own number. */
  readonly runs: number | undefined;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
}

const COMPARISON_RUNS = 3;

/** `extend` adds to each scenario's context what these scenarios need beyond the usual. */
export async function runBench<Context extends ScenarioContext>(
  scenarios: readonly Scenario<Context>[],
  options: BenchOptions,
  extend: (context: ScenarioContext) => Context,
): Promise<Report> {
  const { client, environment, only, signal, onEvent } = options;
  checkNames([...scenarios, ...WORKLOADS], only);
  checkRuns(options.runs);
  // Before anything adds to the host's load.
  const host = readHostFacts(await requireEngine(client, signal));
  const installDir = await ensureInstalled(options);
  const contextFor = ({ name, runs }: Pick<Scenario, "name" | "runs">): ScenarioContext => ({
    client,
    environment,
    installDir,
    signal,
    runs: options.runs ?? runs,
    tell: (fields) => onEvent({ type: "progress", tag: "bench", fields: { scenario: name, ...fields } }),
  });
  const results = await runScenarios(choose(scenarios, only), (scenario) => extend(contextFor(scenario)));
  const context = contextFor({ name: "guest-against-host", runs: COMPARISON_RUNS });
  const comparisons = await compareWork(choose(WORKLOADS, only), { ...context, cores: host.cores });
  return { host, environment, scenarios: results, comparisons };
}

function checkRuns(runs: number | undefined): void {
  if (runs === undefined || (Number.isInteger(runs) && runs >= 1)) return;
  throw new PyroError("invalid_input", "--runs takes a whole number from 1");
}

async function requireEngine(client: Client, signal: AbortSignal) {
  const report = await client.invoke("doctor", {}, { signal });
  if (report.runtime_ok) return report;
  const [issue] = report.issues;
  throw new PyroError("engine_unavailable", issue?.message ?? "no guest can start on this host", {
    ...(issue && { hint: issue.hint }),
  });
}

/** The first guest installs a missing environment, which takes a while and is shown. */
async function ensureInstalled({ client, environment, signal, onEvent }: BenchOptions): Promise<string> {
  await client.invoke(
    "vm_run",
    { environment, command: ["true"] },
    {
      signal,
      onEvent: (event) => (event.type === "progress" && event.tag !== "run" ? onEvent(event) : undefined),
    },
  );
  const { install_dir: directory } = await client.invoke("env_inspect", { environment }, { signal });
  if (directory === null) throw new PyroError("environment_damaged", `${environment} is not installed`);
  return directory;
}
