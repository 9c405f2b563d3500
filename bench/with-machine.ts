// A guest of the engine's for one scenario.

import type { Machine } from "../src/machine/engine.js";
import type { DeveloperContext } from "./context.js";

export async function withMachine<Result>(
  { startMachine }: DeveloperContext,
  act: (machine: Machine) => Promise<Result>,
): Promise<Result> {
  const machine = await startMachine();
  try {
    return await act(machine);
  } finally {
    await machine.remove();
  }
}

/** Runs a command by its agent; its output is dropped, chunk by chunk. */
export async function execWith(
  { agent }: Machine,
  argv: readonly string[],
  signal: AbortSignal,
  stdin?: AsyncIterable<Uint8Array>,
): Promise<void> {
  const request = { argv, ...(stdin && { stdin }) };
  const { exitCode } = await agent.exec(request, () => undefined, signal);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")} ended with ${exitCode}`);
}
