// The MCP server for programs that bring their own transport. The protocol's library is loaded with the first one:
// a program that only wants a `Pyro` does not pay for it.

import type { Transport } from "@modelcontextprotocol/server";
import { Client } from "../client/client.js";
import { checkServeOptions, type ServeOptions } from "../contract/serve-options.js";
import { resolveSettings, type DirectoryChoice } from "../platform/settings.js";
import { readSurroundings } from "./project-source/read-surroundings.js";
import { openServing } from "./serving.js";

/** What `pyro mcp serve` takes as flags, and where things are kept. */
export type CreateServerOptions = ServeOptions & DirectoryChoice;

/** An MCP server, ready for connections. It holds nothing open, and starts nothing before the first call of a tool. */
export interface PyroServer {
  /**
   * Serves one client until its transport closes, in any revision of the protocol from 2024-11-05 on. Each
   * connection needs a transport of its own.
   */
  connect(transport: Transport): Promise<void>;
}

/**
 * Makes the MCP server that `pyro mcp serve` runs, for a transport of the caller's.
 *
 * @throws PyroError `invalid_input` when two of the options contradict each other.
 *
 * @example
 * ```ts
 * import { createServer } from "pyro-mcp";
 * import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
 *
 * const server = createServer({ mode: "inspect", noProjectSource: true });
 * await server.connect(new StdioServerTransport());
 * ```
 */
export function createServer(options: CreateServerOptions = {}): PyroServer {
  checkServeOptions(options);
  const client = new Client(resolveSettings(undefined, options));
  const serving = openServing(client, options, readSurroundings());
  return {
    async connect(transport) {
      const { serveConnection } = await import("./serve-connection.js");
      serveConnection(serving, transport);
    },
  };
}
