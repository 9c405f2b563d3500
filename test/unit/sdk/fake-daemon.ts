// A server on the daemon's socket that answers as a test wants, and a client of it.

import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { Client } from "../../../src/client/client.js";
import { resolveStatePaths } from "../../../src/platform/state-paths.js";
import { makeSettings } from "../helpers/settings.js";

export interface FakeDaemon {
  readonly client: Client;
  /** Resolves when the connection of a call is closed. */
  readonly hungUp: Promise<void>;
}

export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<FakeDaemon> {
  const settings = await makeSettings();
  await mkdir(settings.runtimeDir, { recursive: true });
  const server = createServer(answer).listen(resolveStatePaths(settings).daemonSocket);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const hungUp = new Promise<void>((resolve) => {
    server.on("request", (_, response) => response.once("close", () => resolve()));
  });
  await once(server, "listening");
  return { client: new Client(settings), hungUp };
}
