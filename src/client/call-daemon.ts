// One call over the daemon's socket: sends the input, hands on events, returns the result.

import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { isSystemError, PyroError } from "../contract/errors.js";
import {
  MISMATCH_STATUS,
  MismatchSchema,
  OPERATIONS_PATH,
  parseMessage,
  SETTINGS_HEADER,
  BUILD_HEADER,
} from "../contract/wire.js";
import { SCHEMAS, type OperationId, type ResultOf } from "../operations/registry.js";
import { waitForDrain } from "../platform/drain.js";
import { readBuildId } from "../platform/package-files.js";
import { settingsFingerprint, type Settings } from "../platform/settings.js";
import { findDaemonSocket, resolveStatePaths } from "../platform/state-paths.js";
import { resolveHostPaths } from "./host-paths.js";
import type { InvokeOptions } from "./invoke-options.js";
import { readLines } from "./read-lines.js";

export type CallOutcome<Id extends OperationId> =
  | { readonly kind: "result"; readonly value: ResultOf<Id> }
  /** No daemon answers, or the one that did is leaving. */
  | { readonly kind: "absent" }
  | {
      readonly kind: "busy";
      readonly version: string;
      readonly pid: number;
      readonly busyWith: readonly string[];
    };

export async function callDaemon<Id extends OperationId>(
  settings: Settings,
  id: Id,
  input: unknown,
  options: InvokeOptions,
): Promise<CallOutcome<Id>> {
  const request = httpRequest({
    socketPath: await findDaemonSocket(resolveStatePaths(settings)),
    path: OPERATIONS_PATH + id,
    method: "POST",
    headers: { [BUILD_HEADER]: readBuildId(), [SETTINGS_HEADER]: settingsFingerprint(settings) },
    ...(options.signal && { signal: options.signal }),
    agent: false,
  });
  try {
    const response = await sendRequest(request, resolveHostPaths(id, input), options);
    if (response.statusCode === MISMATCH_STATUS) return await readMismatch(response);
    // A daemon that takes no part of stdin answers before all of it is sent; what fails then is no failure.
    request.on("error", () => undefined);
    if (options.stdin) void sendStdin(request, options.stdin);
    return { kind: "result", value: await readAnswer(id, response, options) };
  } catch (error) {
    if (options.signal?.aborted) throw describeCancel(options.signal, error);
    if (error instanceof NoAnswer) return { kind: "absent" };
    if (isSystemError(error, "ECONNRESET", "EPIPE")) throw lostDaemon(error);
    throw error;
  } finally {
    request.destroy();
  }
}

/** Nobody listens, or the daemon went away before it began with the call: it can be made again. */
class NoAnswer extends Error {}

// Returns when the daemon has begun with the call. Nothing of stdin is read before: the next daemon may need it.
async function sendRequest(
  request: ClientRequest,
  input: unknown,
  options: InvokeOptions,
): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", (error) => {
      // EACCES: another user's; the start of a daemon then says that the state is not this user's.
      const nobody = isSystemError(error, "ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE", "EACCES");
      reject(nobody ? new NoAnswer(error.message, { cause: error }) : error);
    });
  });
  const line = `${JSON.stringify(input)}\n`;
  // As a whole it goes out with its length: the daemon then knows at once that there is no stdin.
  if (options.stdin) request.write(line);
  else request.end(line);
  return answered;
}

// Runs beside the answer. A source that fails ends the command's input, as a broken pipe would.
async function sendStdin(request: ClientRequest, stdin: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of stdin) {
      if (request.destroyed) return;
      if (!request.write(chunk)) await waitForDrain(request);
    }
  } catch {
    // Whoever awaits the answer learns what matters of it.
  } finally {
    request.end();
  }
}

async function readAnswer<Id extends OperationId>(
  id: Id,
  response: IncomingMessage,
  { onEvent }: InvokeOptions,
): Promise<ResultOf<Id>> {
  for await (const line of readLines(response)) {
    const message = parseMessage(line);
    switch (message.kind) {
      case "event":
        await onEvent?.(message.event);
        break;
      case "result":
        return SCHEMAS[id].output.parse(message.value);
      case "error":
        throw message.error;
    }
  }
  throw lostDaemon(undefined);
}

async function readMismatch(response: IncomingMessage): Promise<CallOutcome<never>> {
  const text = (await response.setEncoding("utf8").toArray()).join("");
  const { version, pid, busy_with: busyWith } = MismatchSchema.parse(JSON.parse(text));
  return busyWith.length === 0 ? { kind: "absent" } : { kind: "busy", version, pid, busyWith };
}

function describeCancel({ reason }: AbortSignal, cause: unknown): PyroError {
  if (reason instanceof PyroError) return reason;
  return new PyroError("cancelled", "the call was cancelled", { cause });
}

function lostDaemon(cause: unknown): PyroError {
  return new PyroError("daemon_unavailable", "the connection to the daemon was lost during the call", {
    cause,
  });
}
