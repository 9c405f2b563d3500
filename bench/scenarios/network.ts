// A guest's network, to a peer in a network namespace of the benchmark's own.

import { randomBytes } from "node:crypto";
import path from "node:path";
import { ScenarioSkipped } from "../../src/bench/scenario.js";
import { GUEST_NETWORK } from "../../src/contract/network.js";
import type { Machine } from "../../src/machine/engine.js";
import { launchDetached } from "../../src/platform/launch-detached.js";
import { LIBEXEC_DIR } from "../../src/platform/package-files.js";
import { HOST_ENV } from "../../src/platform/processes.js";
import type { DeveloperContext, DeveloperScenario } from "../context.js";
import { PEER_ADDRESS, PEER_PORTS, PeerNetwork } from "../peer-network.js";
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
  await using peer = await PeerNetwork.open();
  return await withMachine(context, async (machine) => {
    await attach(machine, peer, context.signal);
    const argv = ["python3", "-c", PREAMBLE + program, PEER_ADDRESS, String(runs)];
    let output = "";
    const collect = (_stream: unknown, chunk: Uint8Array) => void (output += Buffer.from(chunk).toString());
    const { exitCode } = await machine.agent.exec({ argv }, collect, context.signal);
    if (exitCode !== 0) throw new Error(`the guest's program ended with ${exitCode}: ${output}`);
    return output.trim().split("\n").slice(1).map(Number);
  });
}

/** Gives the guest a network that ends beside the peer's cable. */
async function attach(machine: Machine, peer: PeerNetwork, signal: AbortSignal): Promise<void> {
  const { networkSocket } = machine;
  if (!networkSocket) throw new Error("this guest can have no network");
  const token = randomBytes(32);
  const line = await launchDetached(
    peer.onHost([path.join(LIBEXEC_DIR, "pyro-helper"), "network", machine.id]),
    {
      env: HOST_ENV,
      signal,
      input: `${JSON.stringify({ socket: networkSocket.path, token: token.toString("hex"), record: "", allow: [] })}\n`,
    },
  );
  if (!line.includes('"ready":true')) throw new Error(`the helper said ${line}`);
  await machine.agent.network.attach(
    {
      socketName: networkSocket.name,
      token,
      addressCidr: `${GUEST_NETWORK.address}/${GUEST_NETWORK.prefixLength}`,
      gateway: GUEST_NETWORK.gateway,
      dnsServers: [GUEST_NETWORK.dnsServer],
      mtu: GUEST_NETWORK.mtu,
    },
    signal,
  );
}
