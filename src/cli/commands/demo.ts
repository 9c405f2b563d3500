// `pyro demo`: create, start, exec and delete of a guest, step by step, with timings.

import type { Command } from "commander";
import type { OperationEvent } from "../../contract/events.js";
import { DEFAULT_ENVIRONMENT } from "../../contract/limits.js";
import { Client } from "../../client/client.js";
import { formatExamples } from "../binding.js";
import type { ProgramContext } from "../program-context.js";
import { addDemoOllamaCommand } from "./demo-ollama.js";

const COMMAND = "git --version && uname -sr && cat /etc/debian_version";
/** What the network is, and that no guest reaches the place where clouds have their secrets. Nothing leaves the host. */
const NETWORK_COMMAND = `${COMMAND} && cat /etc/resolv.conf && ! (exec 3<>/dev/tcp/169.254.169.254/80)`;

export function addDemoCommand(program: Command, context: ProgramContext): void {
  const demo = program
    .command("demo")
    .helpCommand(false)
    .description(
      `Prove that guests work here: create, start, run and delete one of ${DEFAULT_ENVIRONMENT}, with timings`,
    )
    .option("--network", "Give the guest a network, and show that it has a policy (default: false)")
    .option("--json", "Print one JSON document")
    .addHelpText("after", formatExamples(["pyro demo", "pyro demo --network", "pyro demo --json"]))
    .action(async (options: { network?: boolean }) => runDemo(context, options.network === true));
  addDemoOllamaCommand(demo, context);
}

async function runDemo({ output, signal, setStatus }: ProgramContext, network: boolean): Promise<void> {
  const clock = new StepClock();
  const onEvent = async (event: OperationEvent) => {
    if (event.type !== "progress") return;
    if (event.tag !== "run") return output.event(event);
    const finished = clock.begin(String(event.fields["phase"]));
    if (finished) await output.event({ type: "progress", tag: "demo", fields: { ...finished } });
  };
  const input = { environment: DEFAULT_ENVIRONMENT, command: network ? NETWORK_COMMAND : COMMAND, network };
  const result = await new Client().invoke("vm_run", input, { signal, onEvent });
  const last = clock.finish(result.duration_ms);
  for (const fields of last) await output.event({ type: "progress", tag: "demo", fields: { ...fields } });
  const { engine } = result;
  const line = `[demo] environment=${result.environment} engine=${engine.name} platform=${engine.platform} execution_mode=${result.execution_mode} exit_code=${result.exit_code}\n`;
  await output.document({ ...result, steps: clock.steps }, { stdout: result.stdout + line });
  setStatus(result.exit_code);
}

interface Step {
  readonly step: string;
  readonly duration_ms: number;
}

/** A step lasts from its own event to the next one; the last one, execute, is followed by the guest's removal. */
class StepClock {
  readonly steps: Step[] = [];
  #current: { readonly step: string; readonly startedMs: number } | undefined;

  begin(step: string): Step | undefined {
    const finished = this.#end();
    this.#current = { step, startedMs: performance.now() };
    return finished;
  }

  finish(executeMs: number): readonly Step[] {
    const last = this.#end();
    if (!last) return [];
    this.steps.pop();
    const split = [
      { step: last.step, duration_ms: Math.round(executeMs) },
      { step: "delete", duration_ms: Math.max(0, last.duration_ms - Math.round(executeMs)) },
    ];
    this.steps.push(...split);
    return split;
  }

  #end(): Step | undefined {
    if (!this.#current) return undefined;
    const { step, startedMs } = this.#current;
    const finished = { step, duration_ms: Math.round(performance.now() - startedMs) };
    this.steps.push(finished);
    return finished;
  }
}
