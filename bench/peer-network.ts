// A network of its own for a guest to reach: two namespaces with a cable between them. In the first, which stands for
// the host, a helper runs; in the second a peer, at addresses that nothing else in the world has.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HOST_ENV, runProcess } from "../src/platform/processes.js";
import { Scope } from "../src/platform/scope.js";

/** RFC 5737: for documentation, so that no host has it. */
export const PEER_ADDRESS = "203.0.113.2";
export const HOST_ADDRESS = "203.0.113.1";
export const PEER_PORTS = { source: 5001, sink: 5002, greeter: 5003 } as const;

const PEER_PROGRAM = fileURLToPath(new URL("peer.js", import.meta.url));

export class PeerNetwork implements AsyncDisposable {
  readonly #scope: Scope;
  readonly #hostPid: number;

  private constructor(scope: Scope, hostPid: number) {
    this.#scope = scope;
    this.#hostPid = hostPid;
  }

  /** Takes root: an ordinary user may not give a process of its own to another namespace. */
  static async open(): Promise<PeerNetwork> {
    await using scope = new Scope();
    const hostPid = await hold(scope);
    const peerPid = await hold(scope);
    await inNetwork(hostPid, [
      "ip",
      "link",
      "add",
      "veth0",
      "type",
      "veth",
      "peer",
      "name",
      "veth0",
      "netns",
      String(peerPid),
    ]);
    for (const [pid, address] of [
      [hostPid, HOST_ADDRESS],
      [peerPid, PEER_ADDRESS],
    ] as const) {
      await inNetwork(pid, ["ip", "address", "add", `${address}/24`, "dev", "veth0"]);
      await inNetwork(pid, ["ip", "link", "set", "veth0", "up"]);
      await inNetwork(pid, ["ip", "link", "set", "lo", "up"]);
    }
    const peer = spawn("nsenter", [...entering(peerPid), process.execPath, PEER_PROGRAM], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    scope.defer(() => end(peer));
    await once(peer.stdout, "data");
    return new PeerNetwork(scope.move(), hostPid);
  }

  /** `argv` as it runs beside the peer's cable. */
  onHost(argv: readonly string[]): readonly string[] {
    return ["nsenter", ...entering(this.#hostPid), ...argv];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }
}

/** A process in a network of its own, which lives as long as it does. */
async function hold(scope: Scope): Promise<number> {
  const holder = spawn("unshare", ["--net", "sh", "-c", "echo; exec sleep infinity"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: HOST_ENV,
  });
  scope.defer(() => end(holder));
  await once(holder.stdout, "data");
  if (holder.pid === undefined) throw new Error("a process that has written has no pid");
  return holder.pid;
}

function entering(pid: number): string[] {
  return [`--target=${pid}`, "--net"];
}

async function inNetwork(pid: number, argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runProcess(["nsenter", ...entering(pid), ...argv]);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
