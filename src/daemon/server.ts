// The daemon's HTTP server on its unix socket. Who may connect is decided by the socket's directory: 0700.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { PyroError, toPyroError } from "../contract/errors.js";
import {
  FORCE_HEADER,
  formatError,
  formatEvent,
  formatResult,
  MISMATCH_STATUS,
  OPERATIONS_PATH,
  SETTINGS_HEADER,
  SHUTDOWN_PATH,
  BUILD_HEADER,
} from "../contract/wire.js";
import { isOperationId, OPERATIONS, type OperationId } from "../operations/registry.js";
import { waitForDrain } from "../platform/drain.js";
import { invoke, type Funnel } from "./invoke.js";
import { readRequest } from "./read-request.js";

/** The one reason that ends guests too: whatever else ends the daemon, the next one takes them over. */
export const STOPPED_BY_USER = "stopped by the user";

export interface ServerOptions {
  readonly funnel: Funnel;
  /** For people; what decides is the build. */
  readonly version: string;
  readonly buildId: string;
  readonly settingsFingerprint: string;
  /** Asks the daemon to leave; what it is doing is aborted. */
  readonly onShutdown: (reason: string) => void;
  /** True once it leaves: a client that comes now starts the next daemon. */
  readonly isLeaving: () => boolean;
}

export function createDaemonServer(options: ServerOptions): Server {
  // A call may take as long as its guest's command: the limits are the operations' own.
  const server = createServer({ requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: 1_000 });
  server.on("request", (request, response) => {
    route(options, request, response).catch((error: unknown) => {
      options.funnel.log.write("request_failed", { message: toPyroError(error).message });
      response.destroy();
    });
  });
  return server;
}

async function route(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? "";
  if (url === SHUTDOWN_PATH) {
    shutdown(options, request, response);
    return;
  }
  const id = url.startsWith(OPERATIONS_PATH) ? url.slice(OPERATIONS_PATH.length) : "";
  if (request.method !== "POST" || !isOperationId(id)) {
    response
      .writeHead(404)
      .end(formatError(new PyroError("invalid_input", `there is no operation at ${url}`)));
    return;
  }
  if (isSameKind(options, request) && !options.isLeaving())
    await serve(options.funnel, id, request, response);
  else refuse(options, response);
}

function isSameKind(options: ServerOptions, request: IncomingMessage): boolean {
  return (
    request.headers[BUILD_HEADER] === options.buildId &&
    request.headers[SETTINGS_HEADER] === options.settingsFingerprint
  );
}

// Another version, or other directories: an idle daemon makes room, a busy one says with what. One that leaves
// already is as good as idle: its calls are being ended.
function refuse(options: ServerOptions, response: ServerResponse): void {
  const busyWith = options.isLeaving() ? [] : describeWork(options.funnel);
  response.writeHead(MISMATCH_STATUS, { "content-type": "application/json" });
  response.end(JSON.stringify({ version: options.version, pid: process.pid, busy_with: busyWith }));
  if (busyWith.length === 0) options.onShutdown("replaced by another version");
}

function shutdown(options: ServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const busyWith = describeWork(options.funnel);
  const stops = busyWith.length === 0 || request.headers[FORCE_HEADER] === "1";
  response.writeHead(stops ? 200 : MISMATCH_STATUS, { "content-type": "application/json" });
  response.end(JSON.stringify({ version: options.version, pid: process.pid, busy_with: busyWith }));
  if (stops) options.onShutdown(STOPPED_BY_USER);
}

/** Calls and running guests. A look at the daemon keeps nobody from replacing it. */
function describeWork({ services }: Funnel): string[] {
  const calls = services.calls.list().map((call) => call.operation);
  return [...calls.filter((operation) => operation !== "daemon_status"), ...services.vms.listRunning()];
}

async function serve(
  funnel: Funnel,
  id: OperationId,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = funnel.services.calls.begin(id);
  // "close" comes for a finished response too, when aborting has no effect any more.
  response.once("close", () => call.abort.abort(new PyroError("cancelled", "the client went away")));
  // Sent before anything is done: a client that gets no answer at all knows that nothing was.
  response.writeHead(200, { "content-type": "application/x-ndjson" }).flushHeaders();
  const write = async (line: string) => {
    // A client that went away ends the wait, and its call by the signal: nobody has to catch it here.
    if (!response.write(line) && !call.abort.signal.aborted) await waitForDrain(response);
  };
  try {
    const { input, stdin } = await readRequest(request, OPERATIONS[id].stdin === true);
    const context = {
      signal: call.abort.signal,
      onEvent: (event: Parameters<typeof formatEvent>[0]) => write(formatEvent(event)),
      stdin,
    };
    await write(formatResult(await invoke(funnel, id, input, context)));
  } catch (error) {
    if (!response.destroyed) response.write(formatError(toPyroError(error)));
  } finally {
    funnel.services.calls.end(call);
    await clientHasSent(request, call.abort.signal);
    response.end();
  }
}

/**
 * The end of a response closes the connection, and that resets it while the client still sends stdin which nobody
 * wants: the client would lose the answer. A client that has the answer goes away by itself.
 */
async function clientHasSent(request: IncomingMessage, gone: AbortSignal): Promise<void> {
  if (!request.complete && !gone.aborted) await once(gone, "abort");
}
