// vm_run: the environment is installed first when it is missing.

import { PyroError } from "../../contract/errors.js";
import type { ParsedInputOf } from "../../operations/registry.js";
import type { Engine } from "../../machine/engine.js";
import type { GuestEnvironment } from "../../vm/guest-registry.js";
import { runVm } from "../../vm/run-vm.js";
import type { CallContext, Handler } from "../handler.js";
import type { Services } from "../services.js";
import { getCatalogueEntry } from "../../environment/catalogue.js";
import { tellPull } from "./environments.js";

export const vmRun: Handler<"vm_run"> = async (services, input, context) => {
  if (input.network) {
    throw new PyroError("not_yet_available", "guests have no network yet", {
      hint: "Leave out --network; what the command needs can be part of the environment.",
    });
  }
  const { engine, environment } = await chooseEngine(services, input, context);
  const result = await runVm(
    services.guests,
    {
      engine,
      environment,
      command: input.command,
      vcpuCount: input.vcpu_count,
      memMib: input.mem_mib,
      timeoutSeconds: input.timeout_seconds,
    },
    context,
  );
  const { vmId, stdout, stderr, exec } = result;
  const { name, platform, securityBoundary } = result.engine;
  return {
    vm_id: vmId,
    environment: environment.name,
    environment_version: environment.version,
    command: result.command,
    stdout: stdout.text(),
    stderr: stderr.text(),
    stdout_truncated: stdout.truncated,
    stderr_truncated: stderr.truncated,
    exit_code: exec.exitCode,
    timed_out: exec.timedOut,
    signal: exec.signal ?? null,
    duration_ms: exec.durationMs,
    execution_mode: securityBoundary ? "guest" : "host_compat",
    engine: { name, platform, security_boundary: securityBoundary },
    cleanup: { vm_id: vmId, deleted: true, reason: "post_exec_cleanup" },
  };
};

/** The host itself only when the user allows it and no guest can start; otherwise that is an error. */
async function chooseEngine(
  { engine, hostCompat, environments }: Services,
  input: ParsedInputOf<"vm_run">,
  context: CallContext,
): Promise<{ readonly engine: Engine; readonly environment: GuestEnvironment }> {
  if (input.allow_host_compat && !(await canStartGuests(engine))) {
    const { name, version } = getCatalogueEntry(input.environment);
    return { engine: hostCompat, environment: { name, version, rootfsDir: "/" } };
  }
  const environment = await environments.ensure(input.environment, {
    signal: context.signal,
    onProgress: tellPull(context.onEvent, input.environment),
  });
  return { engine, environment };
}

async function canStartGuests(engine: Engine): Promise<boolean> {
  return engine.probe().then(
    (report) => report.platform !== undefined,
    () => false,
  );
}
