// Services of a test, and connections to their ports.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import path from "node:path";
import type { Client } from "../../src/client/client.js";
import type { InputOf, ResultOf } from "../../src/operations/registry.js";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";

type Started = ResultOf<"service_start">;

/** A service that runs a shell script, or what `input` says. */
export async function startService(
  client: Client,
  workspaceId: string,
  name: string,
  script: string,
  input: Partial<InputOf<"service_start">> = {},
): Promise<Started> {
  return client.invoke("service_start", {
    workspace_id: workspaceId,
    service_name: name,
    command: ["sh", "-c", script],
    ...input,
  });
}

/** Puts test/fixtures/port-server.py into the workspace. */
export async function writePortServer(client: Client, workspaceId: string): Promise<void> {
  const text = await readFile(path.join(PACKAGE_ROOT, "test", "fixtures", "port-server.py"), "utf8");
  await client.invoke("workspace_file_write", { workspace_id: workspaceId, path: "port-server.py", text });
}

/** Starts it, published; its port on the host. */
export async function publishServer(
  client: Client,
  workspaceId: string,
  {
    name = "server",
    guestPort = 9000,
    address = "127.0.0.1",
    hostPort = undefined as number | undefined,
  } = {},
): Promise<number> {
  const started = await startService(
    client,
    workspaceId,
    name,
    `exec python3 port-server.py ${guestPort} ${address}`,
    {
      ready_tcp: guestPort,
      published_ports: [{ guest_port: guestPort, ...(hostPort !== undefined && { host_port: hostPort }) }],
    },
  );
  const [port] = started.published_ports;
  if (started.state !== "running" || !port) throw new Error(JSON.stringify(started));
  return port.host_port;
}

/** A connection to a port of this host; the caller destroys it. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  await once(socket, "connect");
  return socket;
}

/** Sends `text` and ends, or leaves the connection half open; everything that comes until the other side ends. */
export async function ask(port: number, text: string | Uint8Array, { end = true } = {}): Promise<Buffer> {
  const socket = await dial(port);
  try {
    if (end) socket.end(text);
    else socket.write(text);
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    await once(socket, "end");
    return Buffer.concat(chunks);
  } finally {
    socket.destroy();
  }
}

/** The next bytes, at least `length` of them. */
export async function readAtLeast(socket: Socket, length: number): Promise<string> {
  let text = "";
  while (text.length < length) {
    const data: readonly unknown[] = await once(socket, "data");
    text += String(data[0]);
  }
  return text;
}

/** Whether this process could listen on the port. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, "listening").then(
    () => true,
    () => false,
  );
  server.listen(port, "127.0.0.1");
  const free = await listening;
  if (free) {
    server.close();
    await once(server, "close");
  }
  return free;
}
