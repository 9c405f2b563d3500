// The command line: parse, run one command, report, exit.

import { CommanderError } from "commander";
import { PyroError, toPyroError, type ErrorCode } from "../contract/errors.js";
import { createOutput, type Output } from "./output.js";
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
  output.onBrokenPipe(() => interrupt.abort(new PyroError("cancelled", "nobody reads the output")));
  const status = await run(own, guest, output, interrupt.signal);
  await output.flush();
  // Not a fall-through end: a stdin that never closes would keep the process.
  process.exit(status);
}

async function run(
  own: readonly string[],
  guest: readonly string[] | undefined,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  let status = 0;
  const program = buildProgram({ output, guest, signal, setStatus: (value) => (status = value) });
  try {
    await program.parseAsync([...own], { from: "user" });
    return status;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const error = thrown instanceof CommanderError ? describeUsage(thrown) : toPyroError(thrown);
    await output.error(error);
    return GUEST_STATUS_COMMANDS.has(own[0] ?? "") && !CALLERS_DOING.has(error.code)
      ? OWN_FAILURE_STATUS
      : error.exitStatus;
  }
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
