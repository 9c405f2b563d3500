// Servers come and go as clients like; workspaces stay.

import { describe, expect, test } from "vitest";
import { ENVIRONMENT } from "../../helpers/one-shot.js";
import { TestPyro } from "../../helpers/test-pyro.js";
import { COUNT_SLEEPS } from "../../helpers/workspace.js";
import { McpProcess } from "./mcp-process.js";

async function connect(pyro: TestPyro): Promise<McpProcess> {
  const mcp = new McpProcess(pyro, { args: ["--environment", ENVIRONMENT, "--no-project-source"] });
  await mcp.initialize();
  return mcp;
}

/** A workspace with a command in it that runs on. */
async function beginWork(mcp: McpProcess): Promise<void> {
  await mcp.call("workspace_create", { name: "work" });
  const script = "touch begun; sleep 300";
  mcp.begin("tools/call", { name: "workspace_exec", arguments: { workspace_id: "work", command: script } });
  await expect.poll(async () => stdout(mcp, "ls"), { timeout: 30_000 }).toContain("begun");
}

async function stdout(mcp: McpProcess, command: string): Promise<unknown> {
  return (await mcp.call("workspace_exec", { workspace_id: "work", command })).structured["stdout"];
}

/** Everything that runs at once for a client that closes: some ask first, some do not, some mean the whole tree. */
const ENDINGS = {
  "kill -9": (mcp) => void mcp.child.kill("SIGKILL"),
  SIGINT: (mcp) => void mcp.child.kill("SIGINT"),
  "SIGTERM 100 ms after SIGINT, and kill -9 at last": (mcp) => {
    mcp.child.kill("SIGINT");
    setTimeout(() => mcp.child.kill("SIGTERM"), 100);
    setTimeout(() => mcp.child.kill("SIGKILL"), 500);
  },
  "kill -9 to the whole process group": ({ child }) => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  },
  "the end of its input": (mcp) => void mcp.child.stdin.end(),
} as const satisfies Record<string, (mcp: McpProcess) => void>;

describe.each(Object.entries(ENDINGS))("a server that ends by %s in the middle of a command", (_, end) => {
  test("takes the command with it, and leaves the workspace to the next one", async () => {
    await using pyro = await TestPyro.create();
    const first = await connect(pyro);
    await beginWork(first);
    end(first);
    await first.exited();
    const next = await connect(pyro);
    await expect.poll(async () => stdout(next, COUNT_SLEEPS), { timeout: 30_000 }).toBe("0\n");
    expect(await stdout(next, "ls")).toBe("begun\n");
    expect((await next.call("workspace_delete", { workspace_id: "work" })).structured).toHaveProperty(
      "deleted",
      true,
    );
  });
});

test("a server that is killed while it creates a workspace leaves none that nobody knows of", async () => {
  await using pyro = await TestPyro.create();
  const first = await connect(pyro);
  first.begin("tools/call", { name: "workspace_create", arguments: { name: "orphan" } });
  first.child.kill("SIGKILL");
  await first.exited();
  const next = await connect(pyro);
  await expect
    .poll(async () => (await next.call("workspace_list")).structured["workspaces"], { timeout: 30_000 })
    .toEqual([]);
});

test("two servers and a command line share one state", async () => {
  await using pyro = await TestPyro.create();
  const [one, other] = await Promise.all([connect(pyro), connect(pyro)]);
  await Promise.all([
    one.call("workspace_create", { name: "work" }),
    other.call("workspace_create", { name: "second" }),
  ]);
  await one.call("workspace_file_write", { workspace_id: "work", path: "from-one", text: "hello\n" });
  expect(await stdout(other, "cat from-one")).toBe("hello\n");
  const { stdout: listed } = await pyro.run(["workspace", "list"]);
  expect(listed.toString()).toContain("name=work");
  expect(listed.toString()).toContain("name=second");
  const written = await pyro.run(["workspace", "exec", "work", "--", "sh", "-c", "echo cli > from-cli"]);
  expect(written.status).toBe(0);
  expect(await stdout(one, "cat from-cli")).toBe("cli\n");
});
