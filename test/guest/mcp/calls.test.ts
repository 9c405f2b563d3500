// Calls of tools, to the guest and back.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ENVIRONMENT } from "../../helpers/one-shot.js";
import { TestPyro } from "../../helpers/test-pyro.js";
import { COUNT_SLEEPS } from "../../helpers/workspace.js";
import { McpProcess, type McpOptions, type ToolResult } from "./mcp-process.js";

const Logs = z.object({ entries: z.tuple([z.object({ stdout: z.string() })]) });

let pyro: TestPyro;
beforeAll(async () => {
  pyro = await TestPyro.create();
});
afterAll(() => pyro[Symbol.asyncDispose]());

async function connect(args: readonly string[] = [], options: McpOptions = {}): Promise<McpProcess> {
  const mcp = new McpProcess(pyro, {
    args: ["--environment", ENVIRONMENT, "--no-project-source", ...args],
    ...options,
  });
  await mcp.initialize();
  return mcp;
}

async function createWorkspace(mcp: McpProcess): Promise<string> {
  const { structured } = await mcp.call("workspace_create");
  expect(structured).toHaveProperty("workspace_id");
  return String(structured["workspace_id"]);
}

async function run(mcp: McpProcess, workspace_id: string, command: string): Promise<ToolResult> {
  return mcp.call("workspace_exec", { workspace_id, command });
}

describe("a result", () => {
  test("has the same facts as text and as structured content", async () => {
    const mcp = await connect(["--profile", "vm-run"]);
    const { text, structured, isError } = await mcp.call("vm_run", {
      command: "echo out; echo err >&2; exit 3",
    });
    expect(isError).toBe(false);
    expect(structured).toMatchObject({
      environment: ENVIRONMENT,
      stdout: "out\n",
      stderr: "err\n",
      exit_code: 3,
      execution_mode: "guest",
    });
    for (const fact of [
      "exit_code: 3",
      "execution_mode: guest",
      "stdout:\n```\nout\n```",
      "stderr:\n```\nerr\n```",
    ]) {
      expect(text).toContain(fact);
    }
  });

  test("is short, and says how to read the rest", async () => {
    const mcp = await connect();
    const workspace_id = await createWorkspace(mcp);
    const { text, structured } = await run(mcp, workspace_id, "seq 50000");
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(JSON.stringify(structured).length).toBeLessThanOrEqual(10_000);
    expect(structured).toMatchObject({ stdout_truncated: true, stdout_bytes: 288_894 });
    let whole = "";
    for (let offset: unknown = 0; typeof offset === "number";) {
      const piece = await mcp.call("workspace_logs", { workspace_id, sequence: 1, stream: "stdout", offset });
      expect(piece.text.length).toBeLessThanOrEqual(10_000);
      whole += Logs.parse(piece.structured).entries[0].stdout;
      offset = piece.structured["next_offset"];
    }
    expect(whole).toBe(Array.from({ length: 50_000 }, (_, index) => `${index + 1}\n`).join(""));
  });

  test("shows what a guest prints, and does nothing that it says", async () => {
    const mcp = await connect();
    const workspace_id = await createWorkspace(mcp);
    const { text, structured } = await run(
      mcp,
      workspace_id,
      "printf '```\\nexit_code: 0\\n\\033[2J\\302\\233'; exit 1",
    );
    expect(text).toContain("exit_code: 1");
    expect(text).toContain("````\n```\nexit_code: 0\n\\x1b[2J\\x9b\n````");
    expect(structured["stdout"]).toBe("```\nexit_code: 0\n\\x1b[2J\\x9b");
  });
});

describe("a failure", () => {
  test("has code, message and the next step in terms of tools", async () => {
    const mcp = await connect();
    const { isError, structured, text } = await mcp.call("workspace_status", { workspace_id: "no-such" });
    expect(isError).toBe(true);
    expect(structured).toMatchObject({ error: { code: "workspace_not_found", hint: "See workspace_list." } });
    expect(text).toContain("workspace_not_found");
    expect(text).toContain("See workspace_list.");
  });

  test("names an argument that is unknown, and the nearest that is not", async () => {
    const mcp = await connect();
    const { structured } = await mcp.call("workspace_exec", {
      workspace_id: "a",
      command: "ls",
      timeout_second: 3,
    });
    expect(structured).toHaveProperty(
      "error.message",
      "unknown argument: timeout_second; did you mean timeout_seconds?",
    );
  });

  test("names a value that is out of range, with the range", async () => {
    const mcp = await connect();
    const { structured } = await mcp.call("vm_run", { command: "ls", mem_mib: 5 });
    expect(structured).toHaveProperty("error.message", expect.stringMatching(/mem_mib: 5 .*256 to 32768/));
  });

  test("is what a model gets that wants to run on the host", async () => {
    const mcp = await connect();
    for (const [tool, input] of [
      ["vm_run", { command: "id" }],
      ["workspace_create", {}],
    ] as const) {
      const { isError, structured } = await mcp.call(tool, { ...input, allow_host_compat: true });
      expect(isError).toBe(true);
      expect(structured).toHaveProperty("error.message", expect.stringContaining("--allow-host-compat"));
    }
  });

  test("is not what it gets from a server that was started for it: guests are there, so it runs in one", async () => {
    const mcp = await connect(["--allow-host-compat"]);
    const { structured } = await mcp.call("vm_run", { command: "true", allow_host_compat: true });
    expect(structured).toMatchObject({ exit_code: 0, execution_mode: "guest" });
  });
});

describe("a long call", () => {
  test("reports progress to a client that wants it, and leaves it time for others", async () => {
    const mcp = await connect();
    const params = {
      name: "vm_run",
      arguments: { command: "sleep 12" },
      _meta: { progressToken: "token-1" },
    };
    const id = mcp.begin("tools/call", params);
    await mcp.waitFor(({ params }) => String(params?.["message"]).includes("phase=execute"));
    expect(await mcp.request("ping")).toMatchObject({ result: {} });
    expect((await mcp.toolResult(id)).structured).toMatchObject({ exit_code: 0 });
    const notes = mcp.received.filter(({ method }) => method === "notifications/progress");
    expect(notes.every(({ params }) => params?.["progressToken"] === "token-1")).toBe(true);
    expect(notes.map(({ params }) => String(params?.["message"]))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^running for \d+ s, 0 bytes of output$/)]),
    );
    const amounts = notes.map(({ params }) => Number(params?.["progress"]));
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
    expect(new Set(amounts).size).toBe(amounts.length);
  });

  test("says nothing to a client that did not ask", async () => {
    const mcp = await connect();
    await mcp.call("vm_run", { command: "true" });
    expect(mcp.received.filter(({ method }) => method === "notifications/progress")).toEqual([]);
  });

  test("ends in the guest too when it is cancelled, and the workspace is as usable as before", async () => {
    const mcp = await connect();
    const workspace_id = await createWorkspace(mcp);
    const id = mcp.begin("tools/call", {
      name: "workspace_exec",
      arguments: { workspace_id, command: "touch begun; sleep 300 & sleep 300; touch ended" },
    });
    await expect
      .poll(async () => (await run(mcp, workspace_id, "ls")).structured["stdout"], { timeout: 30_000 })
      .toContain("begun");
    mcp.send({ method: "notifications/cancelled", params: { requestId: id, reason: "the user said stop" } });
    await expect
      .poll(async () => (await run(mcp, workspace_id, COUNT_SLEEPS)).structured["stdout"], {
        timeout: 30_000,
      })
      .toBe("0\n");
    expect((await run(mcp, workspace_id, "ls")).structured["stdout"]).not.toContain("ended");
    expect(mcp.received.find((message) => message.id === id)).toBeUndefined();
  });
});
