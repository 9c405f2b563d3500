// Calls of the runsc program, each with a deadline, its errors translated. No two calls are made for one guest at
// once: it is started, and later removed, by the one that holds it.

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
  /** Directory of the guest's log files. */
  readonly logDir: string;
}

/**
 * Runs one call to its end and returns its exit status. Its stdout goes nowhere and its stderr into a file:
 * `run --detach` hands both on to the guest, and a pipe would stay open as long as the guest lives.
 */
export async function callRunsc(call: RunscCall, signal?: AbortSignal): Promise<RunResult> {
  const stderr = await open(path.join(call.logDir, "stderr.log"), "a", 0o600);
  try {
    return await runProcess([call.runscPath, ...call.flags, ...call.args], {
      // The gofer inherits this environment and keeps it.
      env: { PATH: HOST_ENV.PATH },
      stdio: ["ignore", "ignore", stderr.fd],
      timeoutMs: call.timeoutMs,
      ...(signal && { signal }),
    });
  } finally {
    await stderr.close();
  }
}

/** As callRunsc, and anything but success is an error with the tail of runsc's own log. */
export async function callRunscChecked(call: RunscCall, signal?: AbortSignal): Promise<void> {
  const result = await callRunsc(call, signal);
  if (result.exitCode === 0) return;
  const subcommand = call.args[0] ?? "";
  const log = await readLogTail(call.logDir);
  if (result.timedOut) {
    throw new PyroError(
      "guest_start_timeout",
      `runsc ${subcommand} did not end within ${call.timeoutMs / 1000} s`,
      {
        details: { log },
      },
    );
  }
  throw new PyroError("guest_start_failed", `runsc ${subcommand} failed: ${lastLine(log)}`, {
    details: { exit_code: result.exitCode, signal: result.signal, log },
  });
}

function lastLine(log: string): string {
  return log.trimEnd().split("\n").at(-1) ?? "no reason given";
}
