// Services and published ports, through the daemon: how soon one is ready, and what the way to its port costs.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request, Agent } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { sample, timeMs } from "../../src/bench/sample.js";
import type { Client } from "../../src/client/client.js";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import type { DeveloperContext, DeveloperScenario } from "../context.js";
import { measureThroughput, VOLUME_BYTES } from "../throughput.js";

const GUEST_PORT = 8000;
const REQUESTS = 50;
const WEB_SERVER = ["python3", "-m", "http.server", "--bind", "127.0.0.1", String(GUEST_PORT)];
/** The median of that many requests in the guest, by connections of their own, milliseconds. */
const ASK_INSIDE = `
import statistics, time, urllib.request
def ask():
    begun = time.perf_counter()
    urllib.request.urlopen("http://127.0.0.1:${GUEST_PORT}/").read()
    return (time.perf_counter() - begun) * 1000
print(statistics.median(ask() for _ in range(${REQUESTS})))
`;

async function withWorkspace<Result>(
  { client, environment }: DeveloperContext,
  act: (workspaceId: string) => Promise<Result>,
): Promise<Result> {
  const network_policy = "egress+published-ports";
  const { workspace_id } = await client.invoke("workspace_create", { environment, network_policy });
  try {
    return await act(workspace_id);
  } finally {
    await client.invoke("workspace_delete", { workspace_id });
  }
}

/** Returns the port of the host. */
async function start(
  client: Client,
  workspace_id: string,
  command: string[],
  readyPort: number,
): Promise<number> {
  const started = await client.invoke("service_start", {
    workspace_id,
    service_name: "bench",
    command,
    ready_tcp: readyPort,
    published_ports: [{ guest_port: readyPort }],
  });
  const [port] = started.published_ports;
  if (started.state !== "running" || !port)
    throw new Error(`the server does not start: ${started.problem ?? ""}`);
  return port.host_port;
}

async function stop(client: Client, workspace_id: string): Promise<void> {
  await client.invoke("service_stop", { workspace_id, service_name: "bench" });
}

const serviceReady: DeveloperScenario = {
  name: "service-ready",
  title: "service start → ready, a Python HTTP server",
  unit: "ms",
  goal: 600,
  runs: 10,
  run: (context) =>
    withWorkspace(context, (workspaceId) =>
      sample(context, async () => {
        const taken = await timeMs(() => start(context.client, workspaceId, WEB_SERVER, GUEST_PORT));
        await stop(context.client, workspaceId);
        return taken;
      }),
    ),
};

const portRequest: DeveloperScenario = {
  name: "port-request",
  title: "HTTP request over a published port, beyond what it takes in the guest",
  unit: "ms",
  goal: 10,
  runs: 5,
  run: (context) =>
    withWorkspace(context, async (workspace_id) => {
      const { client } = context;
      const port = await start(client, workspace_id, WEB_SERVER, GUEST_PORT);
      return await sample(context, async () => {
        const command = ["python3", "-c", ASK_INSIDE];
        const inside = Number((await client.invoke("workspace_exec", { workspace_id, command })).stdout);
        const outside: number[] = [];
        for (let count = 0; count < REQUESTS; count++) outside.push(await timeMs(() => askOnce(port)));
        return Math.max(0, median(outside) - inside);
      });
    }),
};

function portThroughput(
  facts: Pick<DeveloperScenario, "name" | "title">,
  move: (port: number) => Promise<void>,
): DeveloperScenario {
  return {
    ...facts,
    unit: "MB/s",
    goal: 100,
    runs: 5,
    run: (context) =>
      withWorkspace(context, async (workspace_id) => {
        const { client } = context;
        const text = await readFile(path.join(PACKAGE_ROOT, "test", "fixtures", "port-server.py"), "utf8");
        await client.invoke("workspace_file_write", { workspace_id, path: "port-server.py", text });
        const port = await start(client, workspace_id, ["python3", "port-server.py", "9000"], 9000);
        return await sample(context, () => measureThroughput(() => move(port)));
      }),
  };
}

async function askOnce(port: number): Promise<void> {
  // A connection of its own each time, as inside.
  const asked = request({ host: "127.0.0.1", port, agent: new Agent({ keepAlive: false }) });
  asked.once("response", (response) => response.resume()).end();
  await once(asked, "close");
}

async function receiveVolume(port: number): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  socket.write(`SEND ${VOLUME_BYTES}\n`);
  let received = 0;
  socket.on("data", (chunk: Buffer) => (received += chunk.length));
  await once(socket, "end");
  socket.destroy();
  if (received !== VOLUME_BYTES) throw new Error(`${received} bytes came`);
}

async function sendVolume(port: number): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  const block = Buffer.alloc(64 * 1024);
  socket.write("COUNT\n");
  for (let sent = 0; sent < VOLUME_BYTES; sent += block.length) {
    if (!socket.write(block)) await once(socket, "drain");
  }
  socket.end();
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  await once(socket, "end");
  socket.destroy();
  if (Number(answer) !== VOLUME_BYTES) throw new Error(`${answer} bytes came`);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

export const SERVICE_SCENARIOS: readonly DeveloperScenario[] = [
  serviceReady,
  portRequest,
  portThroughput(
    { name: "port-download", title: "256 MiB from a guest over a published port" },
    receiveVolume,
  ),
  portThroughput({ name: "port-upload", title: "256 MiB to a guest over a published port" }, sendVolume),
];
