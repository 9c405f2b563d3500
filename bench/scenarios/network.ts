// A guest's network, to a peer in a network namespace of the benchmark's own.

import { fileURLToPath } from "node:url";
import { ScenarioSkipped } from "../../src/bench/scenario.js";
import { attachNetwork } from "../attach-network.js";
import type { DeveloperContext, DeveloperScenario } from "../context.js";
import { PEER_ADDRESS, PeerNetwork } from "../peer-network.js";
import { PEER_PORTS } from "../peer-ports.js";
import { withMachine } from "../with-machine.js";

export const networkConnect: DeveloperScenario = {
  name: "network-connect",
  title: "TCP connect from a guest to a peer, as the guest sees it",
  unit: "ms",
  goal: 5,
  runs: 100,
  run: (context) => withPeer(context, CONNECT, context.runs),
};

export const networkDown: DeveloperScenario = {
  name: "network-down",
  title: "from a peer to a guest over TCP, 256 MiB",
  unit: "MB/s",
  goal: 120,
  runs: 5,
  run: (context) => withPeer(context, DOWN, context.runs),
};

export const networkUp: DeveloperScenario = {
  name: "network-up",
  title: "from a guest to a peer over TCP, 256 MiB",
  unit: "MB/s",
  goal: 80,
  runs: 5,
  run: (context) => withPeer(context, UP, context.runs),
};

const PEER_PROGRAM = fileURLToPath(new URL("../peer.js", import.meta.url));

// Each program runs in the guest, prints one value a run, and is given how many. The first warms up and is dropped.
const CONNECT = `
for run in range(runs + 1):
    started = time.perf_counter()
    connection = socket.create_connection((peer, ${PEER_PORTS.greeter}))
    print((time.perf_counter() - started) * 1000)
    connection.close()
`;
const DOWN = `
buffer = bytearray(1 << 20)
for run in range(runs + 1):
    connection = socket.create_connection((peer, ${PEER_PORTS.source}))
    started, left = time.perf_counter(), volume
    while left > 0:
        left -= connection.recv_into(buffer)
    print(volume / 1e6 / (time.perf_counter() - started))
    connection.close()
`;
const UP = `
block = bytes(1 << 20)
for run in range(runs + 1):
    connection = socket.create_connection((peer, ${PEER_PORTS.sink}))
    started = time.perf_counter()
    for _ in range(volume // len(block)):
        connection.sendall(block)
    connection.shutdown(socket.SHUT_WR)
    connection.recv(4)
    print(volume / 1e6 / (time.perf_counter() - started))
    connection.close()
`;
const PREAMBLE = "import socket, sys, time\npeer, runs, volume = sys.argv[1], int(sys.argv[2]), 256 << 20\n";

async function withPeer(context: DeveloperContext, program: string, runs: number): Promise<number[]> {
  if (process.geteuid?.() !== 0) throw new ScenarioSkipped("namespaces with a cable between them take root");
  await using peer = await PeerNetwork.open([process.execPath, PEER_PROGRAM]);
  return await withMachine(context, async (machine) => {
    await attachNetwork(machine, peer, "", context.signal);
    const argv = ["python3", "-c", PREAMBLE + program, PEER_ADDRESS, String(runs)];
    let output = "";
    const collect = (_stream: unknown, chunk: Uint8Array) => void (output += Buffer.from(chunk).toString());
    const { exitCode } = await machine.agent.exec({ argv }, collect, context.signal);
    if (exitCode !== 0) throw new Error(`the guest's program ended with ${exitCode}: ${output}`);
    return output.trim().split("\n").slice(1).map(Number);
  });
}
