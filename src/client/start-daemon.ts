// Starts the daemon, once however many clients want it, and waits until it serves.

import { z } from "zod";
import { isErrorCode, PyroError } from "../contract/errors.js";
import { acquireFileLock } from "../platform/file-lock.js";
import { launchDetached } from "../platform/launch-detached.js";
import { DAEMON_ENTRY } from "../platform/package-files.js";
import { settingsToVariables, type Settings } from "../platform/settings.js";
import { ensureStateDirectories } from "../platform/state-paths.js";

/** A young generation of 2 MiB each half: the daemon passes bytes on, and V8 would keep 50 MiB of them around. */
const V8_FLAGS = ["--max-semi-space-size=2"];
/** Most of it is the wait for a predecessor that is leaving. */
const START_TIMEOUT_MS = 45_000;

const StartReport = z.object({
  ready: z.boolean().optional(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
});

export interface StartDaemonOptions {
  /** Whether a daemon of our kind answers; asked once no other client is starting one. */
  readonly isServed: (signal: AbortSignal) => Promise<boolean>;
  readonly signal: AbortSignal | undefined;
}

export async function startDaemon(settings: Settings, options: StartDaemonOptions): Promise<void> {
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  const ended = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const paths = await ensureStateDirectories(settings);
  await using _lock = await acquireFileLock(paths.startLock, ended);
  // Whoever held the lock before may have started it.
  if (await options.isServed(ended)) return;
  const line = await launchDetached([process.execPath, ...V8_FLAGS, DAEMON_ENTRY], {
    env: settingsToVariables(settings),
    signal: ended,
  });
  if (line === "")
    throw new PyroError("daemon_unavailable", `the daemon ended while it started; see ${paths.daemonLog}`);
  const { error } = StartReport.parse(JSON.parse(line));
  if (!error) return;
  const code = isErrorCode(error.code) ? error.code : "daemon_unavailable";
  throw new PyroError(code, `the daemon did not start: ${error.message}`, { hint: error.hint });
}
