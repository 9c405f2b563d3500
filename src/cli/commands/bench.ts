// `pyro bench`: how fast guests are here, with the facts of the host.

import type { Command } from "commander";
import { DEFAULT_ENVIRONMENT } from "../../contract/limits.js";
import { WORKLOADS } from "../../bench/comparison/workloads.js";
import { formatReport, hasFailures, toDocument } from "../../bench/report.js";
import { runBench } from "../../bench/run-bench.js";
import { USER_SCENARIOS } from "../../bench/scenarios/user-scenarios.js";
import { Client } from "../../client/client.js";
import { formatExamples } from "../binding.js";
import type { ProgramContext } from "../program-context.js";

interface Options {
  readonly environment: string;
  readonly only?: readonly string[];
  readonly runs?: number;
}

export function addBenchCommand(program: Command, context: ProgramContext): void {
  const names = [...USER_SCENARIOS, ...WORKLOADS].map(({ name, title }) => `  ${name.padEnd(16)}${title}`);
  program
    .command("bench")
    .description(
      "Measure how fast guests start and work on this host, and what they cost; takes some minutes",
    )
    .option(
      "--environment <environment>",
      `Name of an environment (default: ${DEFAULT_ENVIRONMENT})`,
      DEFAULT_ENVIRONMENT,
    )
    .option("--only <names...>", "Only these scenarios (default: all)")
    .option("--runs <n>", "Runs of each scenario (default: each its own number)", Number)
    .option("--json", "Print one JSON document")
    .addHelpText("after", `\nScenarios:\n${names.join("\n")}`)
    .addHelpText("after", formatExamples(["pyro bench", "pyro bench --only pool-hit pool-miss --runs 50"]))
    .action(async (options: Options) => measure(context, options));
}

async function measure({ output, signal, setStatus }: ProgramContext, options: Options): Promise<void> {
  const { environment, only = [], runs } = options;
  const onEvent = output.event.bind(output);
  const bench = { client: new Client(), environment, only, runs, signal, onEvent };
  const report = await runBench(USER_SCENARIOS, bench, (context) => context);
  await output.document(toDocument(report), { stdout: formatReport(report) });
  if (hasFailures(report)) setStatus(1);
}
