// How the server speaks: revisions of the protocol, clients that send what no client should, the end of the connection.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PACKAGE_VERSION } from "../../../src/platform/package-files.js";
import { TestPyro } from "../../helpers/test-pyro.js";
import { McpProcess } from "./mcp-process.js";

let pyro: TestPyro;
beforeAll(async () => {
  pyro = await TestPyro.create();
});
afterAll(() => pyro[Symbol.asyncDispose]());

/** What every request of revision 2026-07-28 carries. */
const MODERN = {
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  },
};

describe("a client may begin with", () => {
  test.each([
    ["2024-11-05", "2024-11-05"],
    ["2025-03-26", "2025-03-26"],
    ["2025-06-18", "2025-06-18"],
    ["2025-11-25", "2025-11-25"],
    ["2099-01-01", "2025-11-25"],
  ])("initialize of %s, and is served %s", async (asked, served) => {
    const mcp = new McpProcess(pyro);
    const { result } = await mcp.initialize(asked);
    expect(result).toMatchObject({
      protocolVersion: served,
      capabilities: { tools: { listChanged: false } },
      serverInfo: { name: "pyro-mcp", version: PACKAGE_VERSION },
    });
    expect(result).toHaveProperty("instructions", expect.stringContaining("workspace_create"));
    expect((await mcp.request("tools/list")).result).toHaveProperty("tools.length", 17);
    expect(await mcp.request("ping")).toMatchObject({ result: {} });
    expect(await mcp.end()).toBe(0);
  });

  test("server/discover, and go on with revision 2026-07-28", async () => {
    const mcp = new McpProcess(pyro);
    const { result } = await mcp.request("server/discover", MODERN);
    expect(result).toMatchObject({ supportedVersions: ["2026-07-28"] });
    const listed = await mcp.request("tools/list", MODERN);
    expect(listed.result).toHaveProperty("tools.length", 17);
    expect(listed.result).toHaveProperty("_meta.io\\.modelcontextprotocol/serverInfo.name", "pyro-mcp");
  });

  test("server/discover, say nothing for three seconds, and initialize after all", async () => {
    const mcp = new McpProcess(pyro);
    await mcp.request("server/discover", MODERN);
    await sleep(3000);
    expect((await mcp.initialize("2025-06-18")).result).toHaveProperty("protocolVersion", "2025-06-18");
    expect((await mcp.request("tools/list")).result).toHaveProperty("tools.length", 17);
  });

  test("tools/list, as scripts do", async () => {
    const mcp = new McpProcess(pyro, { args: ["--profile", "vm-run"] });
    expect((await mcp.request("tools/list")).result).toHaveProperty("tools.length", 1);
  });
});

test("the list of tools is the same, byte for byte, in another process and after a while", async () => {
  const list = async (mcp: McpProcess) => JSON.stringify((await mcp.request("tools/list")).result);
  const [one, other] = [new McpProcess(pyro), new McpProcess(pyro)];
  await Promise.all([one.initialize(), other.initialize("2024-11-05")]);
  const first = await list(one);
  await one.call("workspace_list");
  expect(await list(one)).toBe(first);
  expect(await list(other)).toBe(first);
});

describe("a client may send", () => {
  test.each<[string, string | Buffer]>([
    ["no JSON", "hello?"],
    ["half of a message", '{"jsonrpc":"2.0","id":1,"meth'],
    ["bytes that are no UTF-8", Buffer.from([0xff, 0xfe, 0x80, 0x22])],
    ["no UTF-8 inside a message", Buffer.from('{"jsonrpc":"2.0","method":"\xff\xfe"}', "latin1")],
    ["an empty line", ""],
    ["something that is no message", '{"jsonrpc":"2.0"}'],
    ["a number", "42"],
    ["an endless nesting", "[".repeat(100_000)],
    ["a request with an id of a wrong type", '{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}'],
    ["an answer to a question that nobody asked", '{"jsonrpc":"2.0","id":77,"result":{}}'],
    ["a notification that nobody knows", '{"jsonrpc":"2.0","method":"notifications/unheard-of"}'],
  ])("%s, and is served on", async (_, line) => {
    const mcp = new McpProcess(pyro);
    mcp.send(line);
    await mcp.initialize();
    mcp.send(line);
    expect(await mcp.request("ping")).toMatchObject({ result: {} });
    expect(await mcp.end()).toBe(0);
  });

  test("a batch, and is told that there are none", async () => {
    const mcp = new McpProcess(pyro);
    await mcp.initialize();
    mcp.send('[{"jsonrpc":"2.0","id":1,"method":"ping"}]');
    const { error } = await mcp.waitFor(({ id }) => id === null);
    expect(error).toEqual({ code: -32600, message: "no batches: one message a line" });
    expect(await mcp.request("ping")).toMatchObject({ result: {} });
  });

  test("15 MB of arguments, and is told which limit they break", async () => {
    const mcp = new McpProcess(pyro);
    await mcp.initialize();
    const text = "x".repeat(15_000_000);
    const { isError, structured } = await mcp.call("workspace_file_write", {
      workspace_id: "a",
      path: "b",
      text,
    });
    expect(isError).toBe(true);
    expect(structured).toMatchObject({
      error: { code: "invalid_input", message: "text has 15000000 bytes; at most 1048576 are allowed" },
    });
    expect(await mcp.request("ping")).toMatchObject({ result: {} });
  });

  test("more than any message may be, and is told so under the request's own id", async () => {
    const mcp = new McpProcess(pyro);
    await mcp.initialize();
    const params = { name: "workspace_file_write", arguments: { text: "x".repeat(40_000_000) } };
    const { error } = await mcp.request("tools/call", params);
    expect(error).toEqual({ code: -32600, message: "a message has at most 16777216 bytes" });
    expect(await mcp.request("ping")).toMatchObject({ result: {} });
  });

  test("a cancellation of nothing, or of what is over", async () => {
    const mcp = new McpProcess(pyro);
    await mcp.initialize();
    const id = mcp.begin("tools/list");
    await mcp.waitFor((message) => message.id === id);
    for (const requestId of [id, 4711, "no-such", undefined]) {
      mcp.send({ method: "notifications/cancelled", params: { requestId, reason: "late" } });
    }
    expect(await mcp.request("ping")).toMatchObject({ result: {} });
  });
});

describe("what there is not", () => {
  test("a tool of that name: the nearest one is named", async () => {
    const mcp = new McpProcess(pyro);
    await mcp.initialize();
    const { error } = await mcp.request("tools/call", { name: "workspace_exek", arguments: {} });
    expect(error).toEqual({
      code: -32602,
      message: "Unknown tool: workspace_exek; did you mean workspace_exec?",
    });
  });

  test("a method of that name", async () => {
    const mcp = new McpProcess(pyro);
    await mcp.initialize();
    expect((await mcp.request("resources/list")).error).toHaveProperty("code", -32601);
  });
});

describe("the end of the input", () => {
  test("before the first word is a clean end", async () => {
    expect(await new McpProcess(pyro).end()).toBe(0);
  });

  test("in the middle of a message is one too", async () => {
    const mcp = new McpProcess(pyro);
    await mcp.initialize();
    mcp.child.stdin.write('{"jsonrpc":"2.0","id":9,"method":"tools/li');
    expect(await mcp.end()).toBe(0);
  });

  test("comes after the answers to what was asked before it", async () => {
    const mcp = new McpProcess(pyro);
    const clientInfo = { name: "test", version: "1" };
    mcp.begin("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
    mcp.begin("tools/list");
    expect(await mcp.end()).toBe(0);
    expect(mcp.received).toHaveLength(2);
    expect(mcp.stderr).toBe("");
  });

  test("of the output ends the server too", async () => {
    const mcp = new McpProcess(pyro);
    await mcp.initialize();
    mcp.child.stdout.destroy();
    mcp.begin("tools/list");
    mcp.begin("tools/list");
    expect(await mcp.exited()).toBe(0);
  });
});

test("flags that contradict each other are wrong usage", async () => {
  const { status, stderr, stdout } = await pyro.run([
    "mcp",
    "serve",
    "--profile",
    "vm-run",
    "--mode",
    "inspect",
  ]);
  expect(status).toBe(2);
  expect(stdout.toString()).toBe("");
  expect(stderr).toContain("--profile and --mode do not go together");
});
