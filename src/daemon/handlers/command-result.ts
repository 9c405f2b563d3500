// What came of one command in a one-shot guest, in the contract's words.

import type { ResultOf } from "../../operations/registry.js";
import type { CommandOutcome } from "../../fleet/run-command.js";

export interface CommandGuest {
  readonly vmId: string;
  readonly environment: string;
  readonly environmentVersion: string;
}

/** Called when the guest is gone. */
export function formatCommandResult(
  { vmId, environment, environmentVersion }: CommandGuest,
  { command, stdout, stderr, exec, timeoutSeconds, engine }: CommandOutcome,
): ResultOf<"vm_run"> {
  const { name, platform, securityBoundary } = engine;
  return {
    vm_id: vmId,
    environment,
    environment_version: environmentVersion,
    command,
    stdout: stdout.text(),
    stderr: stderr.text(),
    stdout_truncated: stdout.truncated,
    stderr_truncated: stderr.truncated,
    exit_code: exec.exitCode,
    timed_out: exec.timedOut,
    timeout_seconds: timeoutSeconds,
    signal: exec.signal ?? null,
    duration_ms: exec.durationMs,
    execution_mode: securityBoundary ? "guest" : "host_compat",
    engine: { name, platform, security_boundary: securityBoundary },
    cleanup: { vm_id: vmId, deleted: true, reason: "post_exec_cleanup" },
  };
}
