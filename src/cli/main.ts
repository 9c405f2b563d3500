// The command line: parse, run one command, report, exit.

import { CommanderError } from "commander";
import { PyroError, toPyroError } from "../contract/errors.js";
import { findCommandWords } from "./command-words.js";
import { createOutput } from "./create-output.js";
import type { Output } from "./output.js";
import { failureStatus } from "./failure-status.js";
import { findBinding } from "./find-operation.js";
import { buildProgram } from "./program.js";
import { splitArgv } from "./split-argv.js";
import { describeUsage } from "./usage-error.js";

export async function main(argv: readonly string[]): Promise<void> {
  const { own, guest } = splitArgv(argv);
  const output = createOutput(own.includes("--json"));
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Asked twice: whoever asks does not want to wait.
      if (interrupt.signal.aborted) process.exit(130);
      interrupt.abort(new PyroError("cancelled", `interrupted by ${signal}`));
    });
  }
  let lost: PyroError | undefined;
  output.onWriteFailure((error) => {
    lost ??= error;
    interrupt.abort(error);
  });
  const outcome = await run(own, guest, output, interrupt.signal);
  await output.flush();
  // The last of the output may fail to be written when the command has ended well.
  const error = outcome.error ?? (lost?.code === "cancelled" ? undefined : lost);
  if (error) {
    await output.error(error);
    await output.flush();
  }
  // Not a fall-through end: a stdin that never closes would keep the process.
  process.exit(error ? failureStatus(findBinding(own), error) : outcome.status);
}

interface Outcome {
  readonly status: number;
  readonly error?: PyroError;
}

async function run(
  own: readonly string[],
  guest: readonly string[] | undefined,
  output: Output,
  signal: AbortSignal,
): Promise<Outcome> {
  let status = 0;
  const program = buildProgram({ output, guest, signal, setStatus: (value) => (status = value) });
  try {
    await program.parseAsync([...own], { from: "user" });
    return { status };
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return { status: 0 };
    if (!(thrown instanceof CommanderError)) return { status, error: toPyroError(thrown) };
    return { status, error: describeUsage(thrown, findCommandWords(program, own), findBinding(own)) };
  }
}
