// Two network namespaces with a cable between them: one for a daemon and its guests, one for the world outside.
//
// They have no names: each is held by a process that leaves when this one does, so that nothing of them can stay. No
// packet of a test's comes anywhere else.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { runProcess } from "../../src/platform/processes.js";

/** The host of the daemon, and the one outside. The third of each is where the cloud has its secrets. */
export const HOST = { public: "203.0.113.1", private: "10.9.0.1", ipv6: "2001:db8::1" } as const;
export const OUTSIDE = {
  public: "203.0.113.2",
  private: "10.9.0.2",
  metadata: "169.254.169.254",
  ipv6: "2001:db8::2",
} as const;
export const ECHO_PORT = 7;

const Event = z.object({
  protocol: z.enum(["tcp", "udp", "dns"]).optional(),
  port: z.number().optional(),
  to: z.string().optional(),
  name: z.string().optional(),
  ready: z.boolean().optional(),
});
export type OutsideEvent = z.infer<typeof Event>;

export class NetworkLab implements AsyncDisposable {
  /** What a program's command line begins with, to run as if it were on the daemon's host. */
  readonly inside: readonly string[];
  /** The same for the world outside. */
  readonly outside: readonly string[];
  /** What has reached the world outside, and the daemon's host itself. */
  readonly outsideEvents: OutsideEvent[] = [];
  readonly hostEvents: OutsideEvent[] = [];
  readonly #children: ChildProcess[] = [];
  readonly #directory: string;

  private constructor(directory: string, inside: readonly string[], outside: readonly string[]) {
    this.#directory = directory;
    this.inside = inside;
    this.outside = outside;
  }

  /** `names` are those of the name server: each question takes the next address, the last one stays. Needs root. */
  static async create(names: Readonly<Record<string, readonly string[]>> = {}): Promise<NetworkLab> {
    const directory = await mkdtemp(path.join(tmpdir(), "pyro-lab-"));
    const resolver = path.join(directory, "resolv.conf");
    await writeFile(resolver, `nameserver ${OUTSIDE.public}\n`);
    const holders = [await holdNamespace(), await holdNamespace()];
    const [host, outside] = holders.map(({ pid }) => ["nsenter", "--target", String(pid), "--net"]);
    if (!host || !outside) throw new Error("two namespaces are needed");
    // With a resolver of its own, in place of that of the machine.
    const mount = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    const inside = [...host, "unshare", "--mount", "sh", "-c", mount, resolver];
    const lab = new NetworkLab(directory, inside, outside);
    lab.#children.push(...holders);
    try {
      await connectNamespaces(host, outside, holders[1]?.pid ?? 0);
      await lab.#servePeer(outside, names, lab.outsideEvents);
      await lab.#servePeer(host, {}, lab.hostEvents);
      return lab;
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children.reverse()) {
      const closed = child.exitCode === null && child.signalCode === null ? once(child, "close") : undefined;
      child.stdin?.end();
      await closed;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #servePeer(
    namespace: readonly string[],
    names: Readonly<Record<string, readonly string[]>>,
    events: OutsideEvent[],
  ): Promise<void> {
    const program = path.join(PACKAGE_ROOT, "test", "fixtures", "network-peer.mjs");
    const child = start([...namespace, process.execPath, program, JSON.stringify(names)]);
    this.#children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.once("close", () => reject(new Error("the peer has ended")));
      if (!child.stdout) throw new Error("the peer has no stdout");
      createInterface({ input: child.stdout }).on("line", (line) => {
        const event = Event.parse(JSON.parse(line));
        if (event.ready) resolve();
        else events.push(event);
      });
    });
  }
}

/** A process with a network namespace of its own, until its stdin ends: also when this process is killed. */
async function holdNamespace(): Promise<ChildProcess> {
  const child = start(["unshare", "--net", "sh", "-c", "ip link set lo up && echo held && exec cat"]);
  const line = child.stdout && (await Promise.race([once(child.stdout, "data"), once(child, "close")]));
  if (!String(line?.[0]).startsWith("held")) throw new Error("this machine allows no network namespaces");
  return child;
}

async function connectNamespaces(
  host: readonly string[],
  outside: readonly string[],
  outsidePid: number,
): Promise<void> {
  const cable = `type veth peer name cable netns ${outsidePid}`;
  await run(host, `ip link add cable ${cable}`);
  await run(
    host,
    `ip addr add ${HOST.public}/24 dev cable && ip addr add ${HOST.private}/24 dev cable && ip link set cable up &&
     ip -6 addr add ${HOST.ipv6}/64 dev cable nodad`,
  );
  await run(
    outside,
    `ip addr add ${OUTSIDE.public}/24 dev cable && ip addr add ${OUTSIDE.private}/24 dev cable &&
     ip addr add ${OUTSIDE.metadata}/32 dev lo && ip link set cable up &&
     ip -6 addr add ${OUTSIDE.ipv6}/64 dev cable nodad`,
  );
  await run(
    host,
    `ip route add default via ${OUTSIDE.public} && ip -6 route add default via ${OUTSIDE.ipv6} dev cable`,
  );
}

async function run(namespace: readonly string[], script: string): Promise<void> {
  const { exitCode, stderr } = await runProcess(["env", ...namespace, "sh", "-ec", script]);
  if (exitCode !== 0) throw new Error(`${script}: ${stderr}`);
}

function start([program = "", ...args]: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
}
