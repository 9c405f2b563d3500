// vm_run: one command in a fresh guest.

import { PyroError } from "../../contract/errors.js";
import type { GuestEnvironment } from "../../fleet/guest-origin.js";
import { runVm } from "../../vm/run-vm.js";
import type { Handler } from "../handler.js";
import { formatCommandResult } from "./command-result.js";
import { requestOrigin } from "./request-origin.js";

export const vmRun: Handler<"vm_run"> = async (services, input, context) => {
  const origin = await requestOrigin(services, input, context);
  const outcome = await runVm(
    services.guests,
    {
      origin,
      command: input.command ?? requireOwnCommand(origin.environment),
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

function requireOwnCommand({ name, ownCommand }: GuestEnvironment): readonly string[] {
  if (ownCommand) return ownCommand;
  throw new PyroError("invalid_input", `a command is missing, and ${name} has none of its own`, {
    hint: `Give one, for example: pyro run ${name} -- git --version`,
  });
}
