// Serves one connection, in whatever revision of the protocol the client begins with.

import type { Transport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { buildServer } from "./build-server.js";
import type { Serving } from "./serving.js";

export interface Connection {
  close(): Promise<void>;
}

/** `transport` is the connection's from now on. What goes wrong on it is between the SDK and the client. */
export function serveConnection(serving: Serving, transport: Transport): Connection {
  return serveStdio(() => buildServer(serving), { transport });
}
