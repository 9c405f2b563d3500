// vm_run: one command in a fresh guest.

import { PyroError } from "../../contract/errors.js";
import type { Command } from "../../fleet/guest-command.js";
import { runVm } from "../../vm/run-vm.js";
import type { Handler } from "../handler.js";
import type { Services } from "../services.js";
import { formatCommandResult } from "./command-result.js";
import { requestOrigin } from "./request-origin.js";

export const vmRun: Handler<"vm_run"> = async (services, input, context) => {
  requireOwnCommand(services, input.environment, input.command);
  const origin = await requestOrigin(services, input, context);
  const command = input.command ?? origin.environment.ownCommand;
  if (command === undefined) throw missingCommand(input.environment);
  const outcome = await runVm(
    services.guests,
    {
      origin,
      command,
      vcpuCount: input.vcpu_count,
      memMib: input.mem_mib,
      ttlSeconds: input.ttl_seconds,
      timeoutSeconds: input.timeout_seconds,
      network: input.network,
    },
    context,
  );
  const { name, version } = origin.environment;
  return formatCommandResult({ vmId: outcome.vmId, environment: name, environmentVersion: version }, outcome);
};

/** Environments of the catalogue run nothing by themselves: said before one is pulled for nothing. */
function requireOwnCommand(
  { environments }: Services,
  environment: string,
  command: Command | undefined,
): void {
  if (command === undefined && environments.describe(environment).release !== "")
    throw missingCommand(environment);
}

function missingCommand(environment: string): PyroError {
  return new PyroError("invalid_input", "the guest's command is missing", {
    hint: `It goes after \`--\`, for example: pyro run ${environment} -- git --version`,
  });
}
