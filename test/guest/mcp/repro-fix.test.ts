// The recipe "reproduce and fix" through the protocol's own client, in both generations of the protocol.

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { HOST_ENV, runProcess } from "../../../src/platform/processes.js";
import { TestPyro } from "../../helpers/test-pyro.js";
import { Origin } from "../../unit/mcp/project-source/origin.js";

let pyro: TestPyro;
beforeAll(async () => {
  pyro = await TestPyro.create();
});
afterAll(() => pyro[Symbol.asyncDispose]());

const BROKEN = "def add(a, b):\n    return a - b\n";
const CHECK = "from calc import add\nassert add(2, 3) == 5, add(2, 3)\nprint('passed')\n";
const FIX = `*** Begin Patch
*** Update File: calc.py
@@
 def add(a, b):
-    return a - b
+    return a + b
*** End Patch
`;
const COMMAND = "PYTHONDONTWRITEBYTECODE=1 python3 check.py";

async function makeProject(): Promise<Origin> {
  const project = await Origin.create();
  await writeFile(path.join(project.directory, "calc.py"), BROKEN);
  await writeFile(path.join(project.directory, "check.py"), CHECK);
  await project.commit("a broken calculator");
  return project;
}

async function connect(project: Origin, mode: "auto" | "legacy"): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  const [command, ...args] = pyro.argv(["mcp", "serve", "--mode", "repro-fix"]);
  await client.connect(new StdioClientTransport({ command, args, env: pyro.env, cwd: project.directory }));
  onTestFinished(() => client.close());
  // From here on the client holds every result to the tool's output schema.
  await client.listTools();
  return client;
}

/** A call that must succeed; what it says. */
async function call(client: Client, name: string, input: Record<string, unknown>) {
  const { isError, structuredContent } = await client.callTool({ name, arguments: input });
  expect(isError, JSON.stringify(structuredContent)).toBeFalsy();
  return structuredContent;
}

describe.each([
  ["legacy", "legacy"],
  ["auto", "modern"],
] as const)("a client that negotiates %s", (mode, era) => {
  test("reproduces, fixes, proves and hands over a patch", async () => {
    const project = await makeProject();
    const client = await connect(project, mode);
    expect(client.getProtocolEra()).toBe(era);
    const workspace_id = `fix-${era}`;
    const run = () => call(client, "workspace_exec", { workspace_id, command: COMMAND });

    await call(client, "workspace_create", { name: workspace_id });
    expect(await run()).toMatchObject({ exit_code: 1, stdout: "" });
    await call(client, "workspace_patch_apply", { workspace_id, patch: FIX });
    expect(await run()).toMatchObject({ exit_code: 0, stdout: "passed\n" });

    expect(await call(client, "workspace_reset", { workspace_id })).toMatchObject({ reset_count: 1 });
    expect(await run()).toMatchObject({ exit_code: 1 });
    await call(client, "workspace_patch_apply", { workspace_id, patch: FIX });
    expect(await run()).toMatchObject({ exit_code: 0 });

    const diff = await call(client, "workspace_diff", { workspace_id });
    expect(diff).toMatchObject({ changed: true, summary: { total: 1, modified: 1 } });
    await call(client, "workspace_delete", { workspace_id });

    const patch = typeof diff === "object" && diff && "patch" in diff ? String(diff.patch) : "";
    const applied = await runProcess(["git", "apply", "--check", "-"], {
      cwd: project.directory,
      env: HOST_ENV,
      stdin: patch,
    });
    expect(applied).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("is told of a failure in words of its own, not of a schema", async () => {
    const client = await connect(await makeProject(), mode);
    const answer = await client.callTool({ name: "workspace_diff", arguments: { workspace_id: "no-such" } });
    expect(answer).toMatchObject({
      isError: true,
      structuredContent: { error: { code: "workspace_not_found" } },
    });
  });
});
