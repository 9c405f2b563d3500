// One HTTP/2 session over the connection that the agent dialled, as a Connect transport.

import { connect, type ClientHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

/** Only names the peer in requests; nothing is resolved. */
const AUTHORITY = "http://agent";
/** Bytes in flight before the guest must wait: large enough for full speed, small enough to bound memory. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const SESSION_WINDOW_BYTES = 8 * 1024 * 1024;
/** Frames as large as the agent's chunks: each costs the guest a write to the socket, and writes are dear there. */
const FRAME_BYTES = 128 * 1024;
/** Largest message that the guest may send; its output comes in chunks of 64 KiB. */
const READ_MAX_BYTES = 4 * 1024 * 1024;

export interface AgentSession {
  readonly transport: Transport;
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>;
  close(): void;
}

export function openSession(socket: Socket): AgentSession {
  const session = connect(AUTHORITY, {
    createConnection: () => socket,
    settings: { initialWindowSize: STREAM_WINDOW_BYTES, maxFrameSize: FRAME_BYTES, enablePush: false },
  });
  session.once("connect", () => {
    // Comes a moment after the connection is there: a guest that has hung up by then must not end the daemon.
    if (!session.destroyed) session.setLocalWindowSize(SESSION_WINDOW_BYTES);
  });
  // Every failure of the session ends in its close event, and every call on it fails by itself.
  session.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => session.once("close", resolve));
  const transport = createConnectTransport({
    httpVersion: "2",
    baseUrl: AUTHORITY,
    readMaxBytes: READ_MAX_BYTES,
    // The agent compresses nothing, and what a guest sends small must not become large here.
    acceptCompression: [],
    sessionManager: new SingleSession(session),
  });
  return { transport, closed, close: () => session.destroy() };
}

/** The transport's view of a session that exists already and is never made anew. */
class SingleSession {
  readonly authority = AUTHORITY;
  readonly #session: ClientHttp2Session;

  constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  request(
    method: string,
    path: string,
    headers: Parameters<ClientHttp2Session["request"]>[0],
    options: Parameters<ClientHttp2Session["request"]>[1],
  ) {
    if (this.#session.destroyed) return Promise.reject(new Error("the connection to the agent is closed"));
    return Promise.resolve(this.#session.request({ ...headers, ":method": method, ":path": path }, options));
  }

  notifyResponseByteRead(): void {
    // Only needed for keep-alive pings, which a local socket has no use for.
  }

  abort(reason?: Error): void {
    this.#session.destroy(reason);
  }
}
