// What stays running in a guest, through the modes that offer it: shells to try code in, services to look at.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { TestPyro } from "../../helpers/test-pyro.js";
import { McpProcess, type ToolResult } from "./mcp-process.js";

const Published = z.object({
  published_ports: z.tuple([z.object({ host: z.string(), host_port: z.number() })]),
});

let pyro: TestPyro;
beforeAll(async () => {
  pyro = await TestPyro.create();
});
afterAll(() => pyro[Symbol.asyncDispose]());

/** Calls of one workspace that must succeed, through a server of this mode. */
async function open(mode: string, input: object = {}) {
  const args = ["--mode", mode, "--environment", "debian:12", "--no-project-source"];
  const mcp = new McpProcess(pyro, { args });
  await mcp.initialize();
  const workspace_id = mode;
  const succeed = async (name: string, more: object = {}): Promise<ToolResult> => {
    const result = await mcp.call(name, { workspace_id, ...more });
    expect(result.isError, result.text).toBe(false);
    return result;
  };
  const created = await mcp.call("workspace_create", { name: workspace_id, ...input });
  expect(created.isError, created.text).toBe(false);
  return { mcp, succeed };
}

describe("--mode review-eval", () => {
  test("opens a shell, types into it, shows it as it is drawn, and closes it", async () => {
    const { mcp, succeed } = await open("review-eval");
    const opened = await succeed("shell_open", { cols: 60, rows: 20 });
    const { shell_id } = opened.structured;
    const read = async () =>
      succeed("shell_read", { shell_id, plain: true, wait_for_idle_ms: 300 }).then(({ structured }) =>
        String(structured["output"]),
      );
    await succeed("shell_write", { shell_id, input: "python3 -q" });
    await expect.poll(read, { timeout: 20_000 }).toMatch(/>>> $/);
    await succeed("shell_write", { shell_id, input: "print('\\x1b[31m' + str(6 * 7) + '\\x1b[0m')" });
    await expect.poll(read, { timeout: 20_000 }).toMatch(/\n42\n>>> $/);
    const shown = await succeed("shell_read", { shell_id, plain: true, wait_for_idle_ms: 300 });
    expect(shown.structured).toMatchObject({ state: "running", plain: true, cols: 60 });
    expect(shown.text).toContain("\n42\n");
    expect(shown.text).not.toContain("\u001b");
    expect((await succeed("shell_close", { shell_id })).structured).toMatchObject({ closed: true });
    const gone = await mcp.call("shell_read", { workspace_id: "review-eval", shell_id });
    expect(gone).toMatchObject({ isError: true, structured: { error: { code: "shell_not_found" } } });
    await succeed("workspace_delete");
    expect(await mcp.end()).toBe(0);
  });
});

describe("--mode cold-start", () => {
  test("starts a server that is ready when it is told so, is reached from the host, and is stopped", async () => {
    const { mcp, succeed } = await open("cold-start", { network_policy: "egress+published-ports" });
    const started = await succeed("service_start", {
      service_name: "web",
      command: "python3 -m http.server 8000",
      ready_http: "http://127.0.0.1:8000/",
      published_ports: [{ guest_port: 8000 }],
    });
    expect(started.structured).toMatchObject({ state: "running", readiness: { type: "http" } });
    const [{ host, host_port }] = Published.parse(started.structured).published_ports;
    expect(host).toBe("127.0.0.1");
    const ask = async () => fetch(`http://${host}:${host_port}/no-such-page`);
    expect((await ask()).status).toBe(404);
    // It writes its line before the answer.
    const { structured, text } = await succeed("service_logs", { service_name: "web" });
    expect(structured["stderr"]).toContain('"GET /no-such-page HTTP/1.1" 404');
    expect(text).toContain("/no-such-page");
    const stopped = await succeed("service_stop", { service_name: "web" });
    expect(stopped.structured).toMatchObject({ state: "stopped", stop_reason: "explicit_stop" });
    await expect(ask()).rejects.toThrow("fetch failed");
    await succeed("workspace_delete");
    expect(await mcp.end()).toBe(0);
  });
});
