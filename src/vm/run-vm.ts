// One command in a fresh guest; whatever happens, the guest is gone afterwards.

import { randomBytes } from "node:crypto";
import { PyroError } from "../contract/errors.js";
import type { OnEvent } from "../contract/events.js";
import { formatVmId } from "../contract/ids.js";
import { CAPTURE_BYTES } from "../contract/limits.js";
import type { ExecResult } from "../guest/exec.js";
import type { Engine, EngineLabel, Machine } from "../machine/engine.js";
import { formatCommand, guestArgv, type Command } from "./guest-command.js";
import type { GuestEnvironment, GuestRegistry } from "./guest-registry.js";
import { OutputCapture } from "./output-capture.js";

export interface RunVmInput {
  readonly engine: Engine;
  readonly environment: GuestEnvironment;
  readonly command: Command;
  readonly vcpuCount: number;
  readonly memMib: number;
  readonly timeoutSeconds: number;
}

export interface RunVmContext {
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly stdin: AsyncIterable<Uint8Array> | undefined;
}

export interface RunVmResult {
  readonly vmId: string;
  readonly command: string;
  readonly stdout: OutputCapture;
  readonly stderr: OutputCapture;
  readonly exec: ExecResult;
  readonly engine: EngineLabel;
}

export async function runVm(
  guests: GuestRegistry,
  input: RunVmInput,
  context: RunVmContext,
): Promise<RunVmResult> {
  const vmId = formatVmId(randomBytes(12));
  const tell = (fields: Record<string, string | number>) =>
    context.onEvent({ type: "progress", tag: "run", fields });
  await tell({ phase: "create", environment: input.environment.name });
  await tell({ phase: "start", vm_id: vmId });
  const guest = await guests.start(input.engine, input.environment, input, context.signal);
  try {
    await tell({ phase: "execute", vm_id: vmId });
    const stdout = new OutputCapture(CAPTURE_BYTES);
    const stderr = new OutputCapture(CAPTURE_BYTES);
    const exec = await execOrExplain(guest.machine, input, context, { stdout, stderr });
    const { engine } = guest.machine;
    return { vmId, command: formatCommand(input.command), stdout, stderr, exec, engine };
  } finally {
    await guests.remove(guest);
  }
}

async function execOrExplain(
  machine: Machine,
  input: RunVmInput,
  { signal, onEvent, stdin }: RunVmContext,
  captures: { readonly stdout: OutputCapture; readonly stderr: OutputCapture },
): Promise<ExecResult> {
  const request = {
    argv: guestArgv(input.command),
    timeoutMs: input.timeoutSeconds * 1000,
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
    if (error instanceof PyroError && error.code === "guest_died") throw await explainDeath(machine, error);
    throw error;
  }
}

/** Says why the guest died under its command. */
export async function explainDeath(machine: Machine, error: PyroError): Promise<PyroError> {
  // The connection is what was lost, so that this resolves at once; else the guest is there and does not answer.
  machine.agent.close();
  const exit = await machine.exited;
  const code = exit.reason === "out_of_memory" ? "guest_out_of_memory" : "guest_died";
  return new PyroError(code, `${exit.message} while the command ran`, { cause: error });
}
