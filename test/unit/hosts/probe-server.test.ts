import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { probeServer } from "../../../src/hosts/probe-server.js";
import { PACKAGE_ROOT } from "../../../src/platform/package-files.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const TINY = path.join(PACKAGE_ROOT, "test", "fixtures", "tiny-mcp-server.mjs");

const context = (signal = new AbortController().signal) => ({
  env: { PATH: process.env["PATH"] ?? "", HOME: "/nowhere", SECRET_TOKEN: "x" },
  cwd: "/",
  signal,
});

/** A server of a few lines: `script` gets each line of its stdin as the message `m`, and answers with `say`. */
function serve(script: string) {
  const program = `
    const say = (m) => console.log(JSON.stringify({ jsonrpc: "2.0", ...m }));
    const info = { serverInfo: { name: "s", version: "1" }, capabilities: {}, protocolVersion: "2025-11-25" };
    require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const m = JSON.parse(line);
      ${script}
    });`;
  return { command: process.execPath, args: ["-e", program], env: {} };
}

describe("probeServer", () => {
  test("lists the tools of a server that answers, and the server has ended", async () => {
    const log = path.join(await makeTempDirectory(), "log");
    const command = { command: process.execPath, args: [TINY, "mcp", "serve"], env: { TINY_MCP_LOG: log } };
    expect(await probeServer(command, context())).toMatchObject({
      reachable: true,
      server: { name: "tiny", version: "1.0.0" },
      toolNames: ["read_facts", "write_fact", "forget_fact"],
      problem: undefined,
    });
    const events = (await readFile(log, "utf8")).trim().split("\n");
    expect(events.at(-1)).toContain("stdin closed");
    // As from the host that passes on least.
    expect(events[0]).toContain('"env":["HOME","PATH","TINY_MCP_LOG"]');
  });

  test("reads a list of tools that comes in pages", async () => {
    const command = serve(`
      if (m.method === "initialize") say({ id: m.id, result: info });
      if (m.method === "tools/list") say({ id: m.id, result: m.params.cursor
        ? { tools: [{ name: "b" }] } : { tools: [{ name: "a" }], nextCursor: "2" } });`);
    expect((await probeServer(command, context())).toolNames).toEqual(["a", "b"]);
  });

  test("passes over what the server asks and tells in between", async () => {
    const command = serve(`
      if (m.method === "initialize") { say({ id: 1, method: "roots/list" }); say({ id: m.id, result: info }); }
      if (m.method === "tools/list") { say({ method: "notifications/message" }); say({ id: m.id, result: { tools: [] } }); }`);
    expect(await probeServer(command, context())).toMatchObject({ reachable: true, toolNames: [] });
  });

  test.each([
    ["prints what is no protocol", serve(`console.log("ready")`), "it printed what is no protocol: ready"],
    [
      "refuses to initialize",
      serve(`say({ id: m.id, error: { code: -32602, message: "too old" } })`),
      "it answered with an error: too old",
    ],
    [
      "answers with something else",
      serve(`say({ id: m.id, result: {} })`),
      "its answer to initialize is not of the protocol",
    ],
    [
      "ends before it answers",
      serve(`console.error("no state"); process.exit(3)`),
      "it ended (exit status 3) before it listed its tools: no state",
    ],
    [
      "is not there",
      { command: "/nowhere/node", args: [], env: {} },
      "it cannot be started: spawn /nowhere/node ENOENT",
    ],
  ])("says what is wrong with a server that %s", async (_what, command, problem) => {
    expect(await probeServer(command, context())).toMatchObject({ reachable: false, problem });
  });

  test("does not wait for a server that says nothing", async () => {
    const answer = await probeServer(serve(""), context(), 300);
    expect(answer.problem).toBe("it did not list its tools within 0.3 s");
  });

  test("a server that stays after its list is reachable, and is ended", async () => {
    const stay = `setInterval(() => {}, 1000);
      if (m.method === "initialize") say({ id: m.id, result: info });
      if (m.method === "tools/list") say({ id: m.id, result: { tools: [{ name: "a" }] } });`;
    expect(await probeServer(serve(stay), context(), 1000)).toMatchObject({ reachable: true });
  });

  test("stops when the caller does not want to know any more", async () => {
    const abort = new AbortController();
    const probe = probeServer(serve(""), context(abort.signal));
    abort.abort(new Error("enough"));
    await expect(probe).rejects.toThrow("enough");
  });
});
