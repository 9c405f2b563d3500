// Asks the daemon to leave and waits until it has.

import { request as httpRequest, type IncomingMessage } from "node:http";
import { isSystemError, PyroError } from "../contract/errors.js";
import { MismatchSchema, SHUTDOWN_PATH, FORCE_HEADER } from "../contract/wire.js";
import { findProcess, waitForExit } from "../platform/process-identity.js";
import type { Settings } from "../platform/settings.js";
import { findDaemonSocket, resolveStatePaths } from "../platform/state-paths.js";

/** Its guests are removed first, some at a time. */
const STOP_TIMEOUT_MS = 60_000;

export type StopOutcome =
  | { readonly kind: "stopped"; readonly pid: number }
  | { readonly kind: "absent" }
  | { readonly kind: "busy"; readonly pid: number; readonly busyWith: readonly string[] };

export async function stopDaemon(
  settings: Settings,
  force: boolean,
  signal: AbortSignal,
): Promise<StopOutcome> {
  const request = httpRequest({
    socketPath: await findDaemonSocket(resolveStatePaths(settings)),
    path: SHUTDOWN_PATH,
    method: "POST",
    headers: { [FORCE_HEADER]: force ? "1" : "0" },
    agent: false,
    signal,
  });
  request.end();
  let response: IncomingMessage;
  try {
    response = await new Promise((resolve, reject) => {
      request.once("response", resolve);
      request.once("error", reject);
    });
  } catch (error) {
    // Reset: it was leaving already, and took no more calls.
    if (isSystemError(error, "ENOENT", "ECONNREFUSED", "ECONNRESET")) return { kind: "absent" };
    if (isSystemError(error, "EACCES")) {
      throw new PyroError("storage_unavailable", `the daemon of ${settings.stateDir} is another user's`, {
        cause: error,
      });
    }
    throw error;
  }
  const text = (await response.setEncoding("utf8").toArray()).join("");
  const { pid, busy_with: busyWith } = MismatchSchema.parse(JSON.parse(text));
  if (response.statusCode !== 200) return { kind: "busy", pid, busyWith };
  const daemon = await findProcess(pid);
  if (daemon && !(await waitForExit(daemon, STOP_TIMEOUT_MS))) {
    throw new PyroError("timeout", `the daemon (pid ${pid}) did not leave in time`);
  }
  return { kind: "stopped", pid };
}
