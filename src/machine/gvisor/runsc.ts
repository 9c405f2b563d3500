// Calls of the runsc program, each with a deadline.
//
// runsc keeps a lock for each guest, which it holds while it starts or deletes it, and only for a moment in its other
// calls: a capture and a wait get in nobody's way, and a delete that comes meanwhile makes them fail.

import { open } from "node:fs/promises";
import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import { HOST_ENV, runProcess, type RunResult } from "../../platform/processes.js";
import { readLogTail } from "./log-tail.js";

export interface RunscCall {
  readonly runscPath: string;
  /** Global flags, from runscFlags(). */
  readonly flags: readonly string[];
  /** Subcommand and its arguments. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

/** Runs one call to its end; any exit status is a result. Not for `run --detach`. */
export async function callRunsc(call: RunscCall, signal?: AbortSignal): Promise<RunResult> {
  return runProcess([call.runscPath, ...call.flags, ...call.args], {
    env: RUNSC_ENV,
    stdio: ["ignore", "ignore", "pipe"],
    timeoutMs: call.timeoutMs,
    ...(signal && { signal }),
  });
}

/** The gofer inherits this environment and keeps it. */
const RUNSC_ENV = { PATH: HOST_ENV.PATH };

/**
 * Runs `run --detach` to its end. The guest keeps its streams: so its stdout goes nowhere and its stderr into a file,
 * because a pipe would stay open as long as the guest lives. A failure has the tail of runsc's own log.
 */
export async function runDetached(
  call: RunscCall & { /** Directory of the guest's log files. */ readonly logDir: string },
  signal: AbortSignal,
): Promise<void> {
  const result = await callWithLog(call, signal);
  if (result.exitCode === 0) return;
  const log = await readLogTail(call.logDir);
  if (result.timedOut) {
    throw new PyroError("guest_start_timeout", `runsc run did not end within ${call.timeoutMs / 1000} s`, {
      details: { log },
    });
  }
  throw new PyroError("guest_start_failed", `runsc run failed: ${lastLine(log)}`, {
    details: { exit_code: result.exitCode, signal: result.signal, log },
  });
}

async function callWithLog(call: Parameters<typeof runDetached>[0], signal: AbortSignal): Promise<RunResult> {
  const stderr = await open(path.join(call.logDir, "stderr.log"), "a", 0o600);
  try {
    return await runProcess([call.runscPath, ...call.flags, ...call.args], {
      env: RUNSC_ENV,
      stdio: ["ignore", "ignore", stderr.fd],
      timeoutMs: call.timeoutMs,
      signal,
    });
  } finally {
    await stderr.close();
  }
}

export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) || "no reason given";
}
