// `pyro demo ollama`: a local model runs a command in a guest by itself.

import type { Command } from "commander";
import { PyroError } from "../../contract/errors.js";
import { formatExamples } from "../binding.js";
import type { ProgramContext } from "../program-context.js";

const BASE_URL = "http://localhost:11434/v1";
const MODEL = "llama3.2:3b";
/** A model of some gigabytes is loaded from disk before its first answer. */
const ANSWER_TIMEOUT_MS = 300_000;

interface Options {
  readonly baseUrl?: string;
  readonly model?: string;
  readonly verbose?: boolean;
  /** Of `pyro demo`, whose own flags may stand before `ollama`. */
  readonly network?: boolean;
}

export function addDemoOllamaCommand(demo: Command, context: ProgramContext): void {
  demo
    .command("ollama")
    .description(
      "Let a local model run a command in a guest by the tool vm_run, in at most 12 rounds. " +
        "The endpoint may be any that speaks OpenAI's Chat Completions with tools",
    )
    .option("--base-url <url>", `Endpoint of the model (default: ${BASE_URL})`)
    .option("--model <model>", `Name of the model (default: ${MODEL})`)
    .option("-v, --verbose", "Show the whole conversation (default: false)")
    .option("--json", "Print one JSON document")
    .addHelpText("after", formatExamples(["pyro demo ollama", "pyro demo ollama --model qwen3:8b -v"]))
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { baseUrl = BASE_URL, model = MODEL, verbose = false, network } = options;
      if (network) throw new PyroError("invalid_input", "pyro demo ollama has no --network");
      const { demoModel } = await import("../demo-ollama/demo-model.js");
      await demoModel(context, { baseUrl, model, verbose, timeoutMs: ANSWER_TIMEOUT_MS });
    });
}
