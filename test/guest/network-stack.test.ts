// A guest's network through its two ends, the device in the guest and the helper on the host, without a daemon: in
// namespaces of the test's own, so that no packet leaves this machine.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { attachNetwork } from "../../bench/attach-network.js";
import {
  HOST_ADDRESS,
  HOST_ADDRESS6,
  PEER_ADDRESS,
  PEER_ADDRESS6,
  PeerNetwork,
} from "../../bench/peer-network.js";
import type { Machine } from "../../src/machine/engine.js";
import { findProcess, signalProcess, waitForExit } from "../../src/platform/process-identity.js";
import { useEngine } from "../helpers/use-engine.js";

const IS_ROOT = process.geteuid?.() === 0;
const GREETER_PORT = 5003;
const ECHO_PORT = 5004;
const CLOSED_PORT = 5005;

const PEER = `
  const greeter = require("node:net").createServer((socket) => socket.end("hello from " + socket.remoteAddress.replace("::ffff:", "")));
  const echo = require("node:dgram").createSocket("udp4", (message, from) => echo.send(message, from.port, from.address));
  greeter.listen(${GREETER_PORT}, "::", () => echo.bind(${ECHO_PORT}, () => console.log("ready")));
`;

const RecordLine = z.object({
  protocol: z.string(),
  address: z.string(),
  port: z.number(),
  verdict: z.string(),
  reason: z.string(),
  bytes_sent: z.number(),
  bytes_received: z.number(),
  open: z.boolean().default(false),
});
type RecordLine = z.infer<typeof RecordLine>;

// Each word on a line of the answer: the result, or the errno of what failed.
const PROBES = `
import errno, fcntl, os, socket, struct, sys
def attempt(act):
    try:
        print(act())
    except OSError as error:
        print(errno.errorcode.get(error.errno, error))
def tcp(address, port):
    with socket.create_connection((address, port), 10) as connection:
        return connection.recv(100).decode()
def udp(address, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(10)
        s.connect((address, port))
        s.send(b"echo")
        return s.recv(100).decode()
def ping(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as s:
        s.settimeout(10)
        s.connect((address, 0))
        s.send(struct.pack("!BBHHH", 8, 0, 0, 0, 1) + b"payload")
        return s.recv(100)[8:].decode()
def device():
    with open("/dev/net/tun", "r+b", buffering=0) as tun:
        fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"eth0", 0x1001))
        return "opened"
def raw():
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    return "opened"
`;

describe.skipIf(!IS_ROOT)("a guest's network (namespaces with a cable between them take root)", () => {
  const engine = useEngine();
  let peer: PeerNetwork;

  beforeAll(async () => {
    peer = await PeerNetwork.open([process.execPath, "-e", PEER]);
  });
  afterAll(() => peer[Symbol.asyncDispose]());

  async function probe(machine: Machine, ...attempts: string[]): Promise<string[]> {
    const script = PROBES + attempts.map((attempt) => `attempt(lambda: ${attempt})\n`).join("");
    let output = "";
    const collect = (_stream: unknown, chunk: Uint8Array) => void (output += Buffer.from(chunk).toString());
    await machine.agent.exec({ argv: ["python3", "-c", script] }, collect);
    return output.trimEnd().split("\n");
  }

  function recordFile(): string {
    return path.join(engine().pyro.settings.stateDir, "network.jsonl");
  }

  async function readRecord(): Promise<RecordLine[]> {
    const lines = (await readFile(recordFile(), "utf8")).trimEnd().split("\n");
    return lines.map((line) => RecordLine.parse(JSON.parse(line)));
  }

  test("reaches a peer by TCP, UDP and ICMP, and is refused what is not its own", async () => {
    const machine = await engine().start();
    await attachNetwork(machine, peer, recordFile(), AbortSignal.timeout(20_000));
    const seen = await probe(
      machine,
      `tcp("${PEER_ADDRESS}", ${GREETER_PORT})`,
      `udp("${PEER_ADDRESS}", ${ECHO_PORT})`,
      `ping("${PEER_ADDRESS}")`,
      `ping("10.87.0.1")`,
      `tcp("${PEER_ADDRESS6}", ${GREETER_PORT})`,
      `tcp("${PEER_ADDRESS}", ${CLOSED_PORT})`,
      `udp("${PEER_ADDRESS}", ${CLOSED_PORT})`,
      `tcp("${HOST_ADDRESS}", 22)`,
      `udp("${HOST_ADDRESS}", 22)`,
      `tcp("10.87.0.1", 22)`,
      `tcp("169.254.169.254", 80)`,
      `tcp("::ffff:${HOST_ADDRESS}", 22)`,
      `tcp("${HOST_ADDRESS6}", 22)`,
      `tcp("64:ff9b::7f00:1", 22)`,
    );
    expect(seen).toEqual([
      `hello from ${HOST_ADDRESS}`,
      "echo",
      "payload",
      "payload",
      `hello from ${HOST_ADDRESS6}`,
      ...Array<string>(9).fill("ECONNREFUSED"),
    ]);
    const lines = await readRecord();
    const told = ({ protocol, address, port, verdict, reason }: RecordLine) =>
      [protocol, address, port, verdict, reason].join(" ");
    expect(lines.filter((line) => line.verdict !== "allowed").map(told)).toEqual([
      `tcp ${PEER_ADDRESS} ${CLOSED_PORT} failed connection refused`,
      `tcp ${HOST_ADDRESS} 22 refused address of the host`,
      `udp ${HOST_ADDRESS} 22 refused address of the host`,
      "tcp 10.87.0.1 22 refused the gateway serves nothing but DNS",
      "tcp 169.254.169.254 80 refused metadata service",
      `tcp ${HOST_ADDRESS6} 22 refused address of the host`,
      "tcp 64:ff9b::7f00:1 22 refused loopback",
    ]);
    const greeting = lines.find((line) => line.port === GREETER_PORT && !line.open);
    expect(greeting).toMatchObject({
      verdict: "allowed",
      bytes_sent: 0,
      bytes_received: `hello from ${HOST_ADDRESS}`.length,
    });
  });

  test("no command may take the device, or make packets by hand", async () => {
    const machine = await engine().start();
    await attachNetwork(machine, peer, "", AbortSignal.timeout(20_000));
    expect(await probe(machine, "device()", "raw()")).toEqual(["EPERM", "EPERM"]);
    expect(await probe(machine, `os.system("unshare --user --map-root-user --net true")`)).toEqual(["0"]);
    expect(await probe(machine, `os.system("su -s /bin/sh nobody -c true")`)).toEqual(["0"]);
  });

  test("a helper that is killed ends its connections only, and another one takes its place", async () => {
    const machine = await engine().start();
    const signal = AbortSignal.timeout(20_000);
    const helper = await findProcess(await attachNetwork(machine, peer, "", signal));
    const watch = machine.agent.network.watch(signal)[Symbol.asyncIterator]();
    expect(await watch.next()).toMatchObject({ value: true });
    if (!helper) throw new Error("the helper has ended");
    await signalProcess(helper, "SIGKILL");
    expect(await watch.next()).toMatchObject({ value: false });
    await attachNetwork(machine, peer, "", signal);
    expect(await watch.next()).toMatchObject({ value: true });
    expect(await probe(machine, `tcp("${PEER_ADDRESS}", ${GREETER_PORT})`)).toEqual([
      `hello from ${HOST_ADDRESS}`,
    ]);
  });

  test("the helper ends with its guest", async () => {
    const machine = await engine().start();
    const helper = await findProcess(await attachNetwork(machine, peer, "", AbortSignal.timeout(20_000)));
    if (!helper) throw new Error("the helper has ended");
    await machine.remove();
    expect(await waitForExit(helper, 10_000)).toBe(true);
  });
});
