// vm_run: one command in a fresh guest.

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
      command: input.command,
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
