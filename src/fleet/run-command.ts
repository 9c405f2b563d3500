// One command in a running guest: its output is passed on and captured, a guest's death is explained.

import { PyroError } from "../contract/errors.js";
import type { OnEvent } from "../contract/events.js";
import { CAPTURE_BYTES } from "../contract/limits.js";
import type { ExecResult } from "../guest/exec.js";
import type { EngineLabel, Machine } from "../machine/engine.js";
import { explainDeath } from "./explain-death.js";
import { formatCommand, guestArgv, type Command } from "./guest-command.js";
import { OutputCapture } from "./output-capture.js";

export interface CommandInput {
  readonly command: Command;
  readonly timeoutSeconds: number;
  /** Absent: the agent's default. */
  readonly cwd?: string;
  /** Variable to the secret of the guest that it takes its value from. */
  readonly secretEnv?: Readonly<Record<string, string>>;
  /** As the user that the environment's image names; else as root, to whom the files of workspaces belong. */
  readonly asImageUser?: boolean;
}

export interface CommandContext {
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly stdin: AsyncIterable<Uint8Array> | undefined;
}

export interface CommandOutcome {
  /** As a shell would read it. */
  readonly command: string;
  readonly stdout: OutputCapture;
  readonly stderr: OutputCapture;
  readonly exec: ExecResult;
  readonly timeoutSeconds: number;
  readonly engine: EngineLabel;
}

export async function runCommand(
  machine: Machine,
  input: CommandInput,
  context: CommandContext,
): Promise<CommandOutcome> {
  const stdout = new OutputCapture(CAPTURE_BYTES);
  const stderr = new OutputCapture(CAPTURE_BYTES);
  const exec = await execOrExplain(machine, input, context, { stdout, stderr });
  const { command, timeoutSeconds } = input;
  return { command: formatCommand(command), stdout, stderr, exec, timeoutSeconds, engine: machine.engine };
}

async function execOrExplain(
  machine: Machine,
  input: CommandInput,
  { signal, onEvent, stdin }: CommandContext,
  captures: { readonly stdout: OutputCapture; readonly stderr: OutputCapture },
): Promise<ExecResult> {
  const request = {
    argv: guestArgv(input.command),
    timeoutMs: input.timeoutSeconds * 1000,
    ...(input.cwd !== undefined && { cwd: input.cwd }),
    ...(input.secretEnv && { secretEnv: input.secretEnv }),
    ...(input.asImageUser && { asImageUser: true }),
    ...(stdin && { stdin }),
  };
  try {
    return await machine.agent.exec(
      request,
      (stream, data) => {
        captures[stream].push(data);
        return onEvent({ type: stream, data });
      },
      signal,
    );
  } catch (error) {
    if (error instanceof PyroError && error.code === "guest_died")
      throw await explainDeath(machine, error, "while the command ran");
    throw error;
  }
}
