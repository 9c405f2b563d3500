// The host's end of the agent channel: a socket that takes one connection and is gone.

import { createServer, type Server, type Socket } from "node:net";
import { rm } from "node:fs/promises";
import { PyroError } from "../contract/errors.js";

export interface AgentListener extends AsyncDisposable {
  /** Resolves with the first connection; the socket file is removed at that moment. */
  readonly connection: Promise<Socket>;
  /** Stops listening and removes the socket file; `connection` rejects if nobody has connected. */
  close(): Promise<void>;
}

/**
 * Listens on `socketPath`, whose directory must be visible to one guest only. The socket takes one
 * connection: whoever dials later, a user's program say, finds nothing there.
 */
export async function listenForAgent(socketPath: string): Promise<AgentListener> {
  await rm(socketPath, { force: true });
  const server = createServer({ noDelay: true });
  const close = () => closeServer(server, socketPath);
  const connection = new Promise<Socket>((resolve, reject) => {
    let taken = false;
    server.on("connection", (socket) => {
      // Whoever dialled before the listening has ended would keep a socket of ours open for as long as it likes.
      if (taken) socket.destroy();
      taken = true;
      resolve(socket);
      void close();
    });
    server.once("close", () => reject(new PyroError("guest_start_failed", "the agent did not connect")));
  });
  // Its failure is the caller's to see, when it awaits the connection; not the process's.
  connection.catch(() => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  return { connection, close, [Symbol.asyncDispose]: close };
}

async function closeServer(server: Server, socketPath: string): Promise<void> {
  await rm(socketPath, { force: true });
  if (!server.listening) return;
  // Only the listening ends here: an accepted connection lives on, so this does not wait for "close".
  server.close();
}
