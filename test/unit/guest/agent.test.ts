import { once } from "node:events";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { PROTOCOL_VERSION, type GuestIdentity } from "../../../src/guest/agent.js";
import { playAgent } from "./played-agent.js";

const TOKEN = Uint8Array.from({ length: 32 }, (_, index) => index);

function playHello(own: { protocolVersion?: number; token?: Uint8Array<ArrayBuffer> }) {
  const hello = { protocolVersion: PROTOCOL_VERSION, agentVersion: "1.2.3", bootId: "b", pid: 1, ...own };
  return playAgent({ machine: { hello: () => hello } });
}

describe("hello", () => {
  test("knows a fresh agent by its empty token, and tells who it is", async () => {
    const { agent } = await playHello({});
    expect(await agent.hello(undefined)).toEqual({ agentVersion: "1.2.3", bootId: "b", pid: 1 });
  });

  test("knows a configured agent by its token", async () => {
    const { agent } = await playHello({ token: TOKEN });
    expect(await agent.hello(TOKEN)).toMatchObject({ pid: 1 });
  });

  test.each([
    ["another one", Uint8Array.from(TOKEN).reverse()],
    ["the beginning of it", TOKEN.slice(0, 31)],
    ["more than it", Uint8Array.of(...TOKEN, 0)],
    ["none", new Uint8Array()],
  ])("refuses an agent whose token is %s", async (_, token) => {
    const { agent } = await playHello({ token });
    await expect(agent.hello(TOKEN)).rejects.toMatchObject({
      code: "guest_start_failed",
      message: "what connected to the agent's socket is not this guest's agent",
    });
  });

  test("refuses a configured agent where a fresh one is expected", async () => {
    const { agent } = await playHello({ token: TOKEN });
    await expect(agent.hello(undefined)).rejects.toMatchObject({ code: "guest_start_failed" });
  });

  test.each([0, PROTOCOL_VERSION + 1, 2 ** 32 - 1])(
    "refuses protocol version %d, before its token",
    async (version) => {
      const { agent } = await playHello({ protocolVersion: version, token: TOKEN });
      await expect(agent.hello(TOKEN)).rejects.toMatchObject({
        code: "guest_start_failed",
        message: `the agent speaks protocol ${version}, this host ${PROTOCOL_VERSION}`,
      });
    },
  );

  test("ends at once when it is aborted while the agent is silent", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const { agent } = await playAgent({
      machine: {
        hello: () => {
          controller.abort(reason);
          return new Promise(() => undefined);
        },
      },
    });
    await expect(agent.hello(undefined, controller.signal)).rejects.toBe(reason);
  });
});

test("configure sends the identity as it is and returns what could not be applied", async () => {
  const identity: GuestIdentity = {
    token: TOKEN,
    hostname: "pyro",
    machineId: "0".repeat(32),
    maxTasks: 2 ** 32 - 1,
  };
  const seen: unknown[] = [];
  const { agent } = await playAgent({
    machine: {
      configure: ({ token, hostname, machineId, maxTasks }) => {
        seen.push({ token: Uint8Array.from(token), hostname, machineId, maxTasks });
        return { warnings: ["no cgroup"] };
      },
    },
  });
  expect(await agent.configure(identity)).toEqual(["no cgroup"]);
  expect(seen).toEqual([identity]);
});

test.each([
  [0n, 0],
  [1_700_000_000_123_456_789n, 1_700_000_000_123.456],
  [-1_000_000n, -1],
])("a clock of %d nanoseconds is %d milliseconds", async (unixNanos, milliseconds) => {
  const { agent } = await playAgent({ machine: { ping: () => ({ unixNanos }) } });
  expect(await agent.ping()).toBe(milliseconds);
});

test("signal names the command and the signal, and says whether there was one", async () => {
  const { agent } = await playAgent({
    process: { signal: ({ processId, signal }) => ({ delivered: processId === "p" && signal === 15 }) },
  });
  expect(await agent.signal("p", 15)).toBe(true);
  expect(await agent.signal("q", 15)).toBe(false);
});

test("shutdown tells the grace", async () => {
  const seen: number[] = [];
  const { agent } = await playAgent({ machine: { shutdown: ({ graceMs }) => (seen.push(graceMs), {}) } });
  await agent.shutdown(1500);
  expect(seen).toEqual([1500]);
});

describe("what the agent says is wrong", () => {
  test.each([
    [Code.InvalidArgument, "invalid_input"],
    [Code.AlreadyExists, "conflict"],
    [Code.FailedPrecondition, "conflict"],
    [Code.Aborted, "conflict"],
    [Code.NotFound, "path_not_found"],
    [Code.PermissionDenied, "path_outside_workspace"],
    [Code.DeadlineExceeded, "timeout"],
    [Code.ResourceExhausted, "out_of_memory"],
    [Code.Internal, "guest_died"],
    [Code.Unimplemented, "guest_died"],
    [Code.Unknown, "guest_died"],
  ] as const)("code %d is %s", async (code, expected) => {
    const { agent } = await playAgent({
      machine: {
        ping: () => {
          throw new ConnectError("its words", code);
        },
      },
    });
    await expect(agent.ping()).rejects.toMatchObject({ code: expected });
  });

  test("is cut short", async () => {
    const { agent } = await playAgent({
      machine: {
        ping: () => {
          throw new ConnectError("x".repeat(10_000), Code.InvalidArgument);
        },
      },
    });
    await expect(agent.ping()).rejects.toMatchObject({ message: "x".repeat(300) });
  });
});

describe("the connection", () => {
  test("closed by the guest fails the call in flight, and every later one", async () => {
    const { agent, guestEnd } = await playAgent({
      machine: {
        ping: () => {
          guestEnd.destroy();
          return new Promise(() => undefined);
        },
      },
    });
    await expect(agent.ping()).rejects.toMatchObject({ code: "guest_died" });
    await agent.closed;
    await expect(agent.ping()).rejects.toMatchObject({ code: "guest_died" });
    await expect(agent.hello(undefined)).rejects.toMatchObject({ code: "guest_died" });
  });

  test("closed by us is seen by the guest", async () => {
    const { agent, guestEnd } = await playAgent({ machine: { ping: () => ({}) } });
    await agent.ping();
    const closed = once(guestEnd, "close");
    agent.close();
    await Promise.all([closed, agent.closed]);
  });
});
