// A network of its own for a guest to reach: two namespaces with a cable between them. In the first, which stands for
// the host, a helper runs; in the second a peer.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { HOST_ENV, runProcess } from "../src/platform/processes.js";
import { Scope } from "../src/platform/scope.js";

/** RFC 5737: for documentation, so that no host has it. */
export const PEER_ADDRESS = "203.0.113.2";
export const HOST_ADDRESS = "203.0.113.1";
/** RFC 3849. */
export const PEER_ADDRESS6 = "2001:db8::2";
export const HOST_ADDRESS6 = "2001:db8::1";
export class PeerNetwork implements AsyncDisposable {
  readonly #scope: Scope;
  readonly #hostPid: number;

  private constructor(scope: Scope, hostPid: number) {
    this.#scope = scope;
    this.#hostPid = hostPid;
  }

  /**
   * `peer` is a program that says something when it is ready, and runs until it is killed. Takes root: an ordinary
   * user may not give a process of its own to another namespace.
   */
  static async open(peer: readonly string[]): Promise<PeerNetwork> {
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
    // The default lets nobody send echo requests; most distributions let everybody.
    await inNetwork(hostPid, ["sh", "-c", "echo 0 65535 > /proc/sys/net/ipv4/ping_group_range"]);
    for (const [pid, address, address6] of [
      [hostPid, HOST_ADDRESS, HOST_ADDRESS6],
      [peerPid, PEER_ADDRESS, PEER_ADDRESS6],
    ] as const) {
      await inNetwork(pid, ["ip", "address", "add", `${address}/24`, "dev", "veth0"]);
      // Without waiting for somebody else who might have it.
      await inNetwork(pid, ["ip", "address", "add", `${address6}/64`, "dev", "veth0", "nodad"]);
      await inNetwork(pid, ["ip", "link", "set", "veth0", "up"]);
      await inNetwork(pid, ["ip", "link", "set", "lo", "up"]);
    }
    const program = spawn("nsenter", [...entering(peerPid), ...peer], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    scope.defer(() => end(program));
    await once(program.stdout, "data");
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
