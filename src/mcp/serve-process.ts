// The MCP server of `pyro mcp serve`: on the process's own stdin and stdout, until the client goes.

import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { ProtocolErrorCode } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { Client } from "../client/client.js";
import type { ServeOptions } from "../contract/serve-options.js";
import { MESSAGE_MAX_BYTES, MessageLines } from "./message-lines.js";
import { readSurroundings } from "./project-source/read-surroundings.js";
import { serveConnection } from "./serve-connection.js";
import { openServing } from "./serving.js";

export interface Streams {
  readonly stdin: Readable;
  /** Carries the protocol and nothing else. */
  readonly stdout: Writable;
}

/**
 * Returns when the client has closed its end, when nobody reads the answers any more, or when `signal` aborts. Calls
 * that run then are cancelled; nothing else depends on a clean end, because clients kill their servers as they like.
 */
export async function serveProcess(
  options: ServeOptions,
  { stdin, stdout }: Streams,
  signal: AbortSignal,
): Promise<void> {
  const serving = openServing(new Client(), options, readSurroundings());
  const lines = new MessageLines(({ id, message }) => {
    const error = { code: ProtocolErrorCode.InvalidRequest, message };
    stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, error })}\n`);
  });
  const ended = new AbortController();
  const end = () => ended.abort();
  signal.addEventListener("abort", end, { once: true });
  // A pipe that breaks is an end like any other.
  stdin.once("error", () => lines.end());
  stdout.once("error", end);
  lines.once("end", end);
  // The line that a client is in the middle of, and one that it has sent already.
  const maxBufferSize = 2 * MESSAGE_MAX_BYTES;
  const connection = serveConnection(serving, new StdioServerTransport(lines, stdout, { maxBufferSize }));
  stdin.pipe(lines);
  if (!signal.aborted) await once(ended.signal, "abort");
  await connection.close();
}
