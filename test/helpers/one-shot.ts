// One-shot guests of a test, through the client. All are of the smallest environment.

import type { Client } from "../../src/client/client.js";
import type { InputOf, ResultOf } from "../../src/operations/registry.js";

export const ENVIRONMENT = "debian:12-base";

export type VmRecord = ResultOf<"vm_status">;

export async function createVm(client: Client, input: Partial<InputOf<"vm_create">> = {}): Promise<VmRecord> {
  return client.invoke("vm_create", { environment: ENVIRONMENT, ...input });
}

/** Created and started. */
export async function startVm(client: Client, input: Partial<InputOf<"vm_create">> = {}): Promise<VmRecord> {
  const { vm_id } = await createVm(client, input);
  return client.invoke("vm_start", { vm_id });
}

/** `vm_run` of one shell script. */
export async function runScript(client: Client, script: string): Promise<ResultOf<"vm_run">> {
  return client.invoke("vm_run", { environment: ENVIRONMENT, command: ["sh", "-c", script] });
}

export interface RunningExec {
  readonly vmId: string;
  /** Settles with the command's end. It has a handler already. */
  readonly ended: Promise<ResultOf<"vm_exec">>;
}

/** A command that never ends by itself, running in a guest. */
export async function startExec(client: Client, signal?: AbortSignal): Promise<RunningExec> {
  const { vm_id } = await createVm(client);
  let ready: () => void = () => undefined;
  const isReady = new Promise<void>((resolve) => (ready = resolve));
  const command = ["sh", "-c", "echo ready; sleep 1000"];
  const ended = client.invoke(
    "vm_exec",
    { vm_id, command, timeout_seconds: 1000 },
    {
      onEvent: ({ type }) => {
        if (type === "stdout") ready();
      },
      ...(signal && { signal }),
    },
  );
  await Promise.race([isReady, ended]);
  return { vmId: vm_id, ended };
}
