// One-shot guests as scenarios use them.

import type { InputOf, ResultOf } from "../operations/registry.js";
import type { ScenarioContext } from "./scenario.js";

export const TRUE_COMMAND = ["/bin/true"];

type Size = Pick<InputOf<"vm_create">, "mem_mib">;

export async function createVm(
  { client, environment, signal }: ScenarioContext,
  size: Size = {},
): Promise<string> {
  const { vm_id: vmId } = await client.invoke("vm_create", { environment, ...size }, { signal });
  return vmId;
}

/** Create → first exec done; the guest is gone afterwards. */
export async function createAndExec(context: ScenarioContext, size: Size = {}): Promise<void> {
  await execTrue(context, await createVm(context, size));
}

/** The guest's one command; the guest is gone afterwards. */
export async function execTrue({ client, signal }: ScenarioContext, vmId: string): Promise<void> {
  requireSuccess(await client.invoke("vm_exec", { vm_id: vmId, command: TRUE_COMMAND }, { signal }));
}

/** Everything in one call. */
export async function runTrue({ client, environment, signal }: ScenarioContext): Promise<void> {
  requireSuccess(await client.invoke("vm_run", { environment, command: TRUE_COMMAND }, { signal }));
}

export function requireSuccess(result: Pick<ResultOf<"vm_run">, "command" | "exit_code" | "stderr">): void {
  if (result.exit_code === 0) return;
  throw new Error(
    `${result.command.slice(0, 60)} ended with ${result.exit_code} in the guest: ${result.stderr}`,
  );
}
