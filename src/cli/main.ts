// The command line: parse, run one command, report, exit.

import { CommanderError } from "commander";
import { PyroError, toPyroError, type ErrorCode } from "../contract/errors.js";
import { createOutput } from "./create-output.js";
import type { Output } from "./output.js";
import { buildProgram } from "./program.js";
import { splitArgv } from "./split-argv.js";

/** `run` and `exec` answer with the guest command's status: a failure of our own must not look like one. */
const OWN_FAILURE_STATUS = 125;
const GUEST_STATUS_COMMANDS = new Set(["run"]);
/** Wrong usage and Ctrl-C are no failures of ours. */
const CALLERS_DOING: ReadonlySet<ErrorCode> = new Set(["invalid_input", "cancelled"]);

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
  process.exit(error ? failureStatus(own, error) : outcome.status);
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
    return { status, error: thrown instanceof CommanderError ? describeUsage(thrown) : toPyroError(thrown) };
  }
}

function failureStatus(own: readonly string[], error: PyroError): number {
  const isGuestStatus = GUEST_STATUS_COMMANDS.has(own[0] ?? "") && !CALLERS_DOING.has(error.code);
  return isGuestStatus ? OWN_FAILURE_STATUS : error.exitStatus;
}

function describeUsage(error: CommanderError): PyroError {
  if (error.code === "commander.help") {
    return new PyroError("invalid_input", "a command is missing", { hint: "The commands are listed above." });
  }
  if (error.code === "commander.excessArguments") {
    return new PyroError("invalid_input", error.message.replace(/^error: /, ""), {
      hint: "What the guest executes goes after `--`, for example: pyro run debian:12 -- git --version",
    });
  }
  const message = error.message.replace(/^error: /, "").split("\n")[0] ?? "wrong usage";
  return new PyroError("invalid_input", message, { hint: "See `pyro --help`, or --help after any command." });
}
