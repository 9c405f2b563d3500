// One command in a workspace: run, passed on, and recorded whole.

import path from "node:path";
import { PyroError, toPyroError } from "../contract/errors.js";
import type { OperationEvent } from "../contract/events.js";
import { WORKSPACE_PATH } from "../contract/limits.js";
import { formatCommand, type Command } from "../fleet/guest-command.js";
import { runCommand, type CommandContext, type CommandOutcome } from "../fleet/run-command.js";
import { unlessAborted } from "../platform/unless-aborted.js";
import type { Machine } from "../machine/engine.js";
import type { History } from "./history.js";
import type { Redactor } from "./secrets/redactor.js";
import type { WorkspaceSecrets } from "./secrets/workspace-secrets.js";

export interface ExecInput {
  readonly command: Command;
  readonly timeoutSeconds: number;
  /** Relative to /workspace; absent: /workspace itself. */
  readonly cwd: string | undefined;
  /** Secret to the variable that has its value. */
  readonly secretEnv: Readonly<Record<string, string>>;
}

export interface ExecOutcome extends CommandOutcome {
  /** 1 for the first command since the last reset. */
  readonly sequence: number;
  /** Absolute, in the guest. */
  readonly cwd: string;
}

export async function execCommand(
  history: History,
  machine: Machine,
  secrets: WorkspaceSecrets,
  input: ExecInput,
  context: CommandContext,
): Promise<ExecOutcome> {
  const { command, timeoutSeconds } = input;
  const secretEnv = secrets.variables(input.secretEnv);
  const cwd = path.posix.resolve(WORKSPACE_PATH, input.cwd ?? ".");
  const shown = formatCommand(redactCommand(command, secrets.redactor));
  const running = await history.beginCommand(shown, cwd);
  const startedMs = performance.now();
  const onEvent = async (event: OperationEvent) => {
    if (event.type !== "progress") await running.output.push(event.type, event.data);
    // A reader that stands still must not hold up what ends the command, such as a reset.
    await unlessAborted(Promise.resolve(context.onEvent(event)), context.signal);
  };
  try {
    const outcome = await runCommand(
      machine,
      { command, timeoutSeconds, cwd, secretEnv },
      { ...context, onEvent },
    );
    const { exitCode, timedOut, signal = null, durationMs } = outcome.exec;
    await running.end({ exitCode, timedOut, signal, durationMs });
    return { ...outcome, command: shown, sequence: running.sequence, cwd };
  } catch (thrown) {
    const error = toPyroError(thrown);
    const durationMs = performance.now() - startedMs;
    await running.end({ exitCode: null, timedOut: false, signal: null, durationMs, problem: error.message });
    throw new PyroError(error.code, error.message, {
      hint: error.hint,
      details: { ...error.details, sequence: running.sequence },
      cause: thrown,
    });
  }
}

/** Before it is put together: a shell's quotes would take the value of a secret apart. */
export function redactCommand(command: Command, redactor: Redactor): Command {
  return typeof command === "string"
    ? redactor.text(command)
    : command.map((argument) => redactor.text(argument));
}
