// Where a workspace starts when the call does not say.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENVIRONMENT } from "../../helpers/one-shot.js";
import { TestPyro } from "../../helpers/test-pyro.js";
import { Origin } from "../../unit/mcp/project-source/origin.js";
import { makeTempDirectory } from "../../unit/helpers/temp-directory.js";
import { McpProcess, type McpOptions } from "./mcp-process.js";

let pyro: TestPyro;
beforeAll(async () => {
  pyro = await TestPyro.create();
});
afterAll(() => pyro[Symbol.asyncDispose]());

function start(options: McpOptions = {}): McpProcess {
  return new McpProcess(pyro, { ...options, args: ["--environment", ENVIRONMENT, ...(options.args ?? [])] });
}

/** What a workspace of this server holds, and what it says of its seed. */
async function seedOf(mcp: McpProcess, input: object = {}) {
  const created = await mcp.call("workspace_create", input);
  expect(created.isError, created.text).toBe(false);
  const { workspace_id, workspace_seed } = created.structured;
  const { structured } = await mcp.call("workspace_exec", { workspace_id, command: "cat file.txt" });
  await mcp.call("workspace_delete", { workspace_id });
  return { content: structured["stdout"], seed: workspace_seed };
}

async function describeCreate(mcp: McpProcess): Promise<string> {
  const { result } = await mcp.request("tools/list");
  return JSON.stringify(result);
}

describe("a workspace starts with", () => {
  test("the checkout that the server was started in", async () => {
    const origin = await Origin.create();
    const mcp = start({ cwd: origin.directory });
    await mcp.initialize();
    expect(await describeCreate(mcp)).toContain(`it starts with ${origin.directory}.`);
    expect(await seedOf(mcp)).toMatchObject({
      content: "first\n",
      seed: { mode: "directory", seed_path: origin.directory, origin_kind: "git" },
    });
  });

  test("the directory that --project-path names, relative to where the server was started", async () => {
    const directory = await makeTempDirectory();
    await writeFile(path.join(directory, "file.txt"), "plain\n");
    const mcp = start({ cwd: path.dirname(directory), args: ["--project-path", path.basename(directory)] });
    await mcp.initialize();
    expect(await seedOf(mcp)).toMatchObject({ content: "plain\n", seed: { origin_kind: "directory" } });
  });

  test("a clean clone of --repo-url at --repo-ref", async () => {
    const origin = await Origin.create();
    await origin.git("branch", "old");
    await origin.commit("second");
    await writeFile(path.join(origin.directory, "file.txt"), "never committed\n");
    const mcp = start({ args: ["--repo-url", origin.directory, "--repo-ref", "old"] });
    await mcp.initialize();
    const { content, seed } = await seedOf(mcp);
    expect(content).toBe("first\n");
    expect(seed).toHaveProperty("origin_ref", expect.stringMatching(/^old@/));
  });

  test("the project that Claude Code names", async () => {
    const origin = await Origin.create();
    const mcp = start({ env: { ...pyro.env, CLAUDE_PROJECT_DIR: origin.directory } });
    await mcp.initialize();
    expect(await seedOf(mcp)).toMatchObject({ content: "first\n" });
  });

  test("what the call says, whatever else there is", async () => {
    const [origin, other] = await Promise.all([Origin.create(), Origin.create()]);
    await other.commit("other");
    const mcp = start({ cwd: origin.directory });
    await mcp.initialize();
    expect(await seedOf(mcp, { seed_path: other.directory })).toMatchObject({ content: "other\n" });
  });

  test("nothing, with --no-project-source", async () => {
    const origin = await Origin.create();
    const mcp = start({ cwd: origin.directory, args: ["--no-project-source"] });
    await mcp.initialize();
    expect(await seedOf(mcp)).toMatchObject({ content: "", seed: { mode: "empty" } });
  });
});

describe("when nothing else is known, it starts with the client's first root", () => {
  const rootsAnswer = (directory: string) => ({
    roots: [{ uri: pathToFileURL(directory).href, name: "project" }],
  });

  test("which the older protocol asks for", async () => {
    const origin = await Origin.create();
    const mcp = start();
    await mcp.initialize("2025-06-18", { roots: {} });
    const listed = await describeCreate(mcp);
    const answered = mcp
      .waitFor(({ method }) => method === "roots/list")
      .then(({ id }) => {
        mcp.send({ id, result: rootsAnswer(origin.directory) });
      });
    expect(await seedOf(mcp)).toMatchObject({ content: "first\n", seed: { seed_path: origin.directory } });
    await answered;
    expect(await describeCreate(mcp)).toBe(listed);
  });

  test("which revision 2026-07-28 has the client bring with a second call", async () => {
    const origin = await Origin.create();
    const mcp = start();
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": { roots: {} },
    };
    const params = { name: "workspace_create", arguments: {}, _meta };
    const { result } = await mcp.request("tools/call", params);
    expect(result).toMatchObject({ inputRequests: { roots: { method: "roots/list" } } });
    const second = { ...params, inputResponses: { roots: rootsAnswer(origin.directory) } };
    const answer = await mcp.request("tools/call", second);
    expect(answer.result).toHaveProperty("structuredContent.workspace_seed.seed_path", origin.directory);
  });

  test("and empty for a client that names none", async () => {
    const mcp = start();
    await mcp.initialize();
    expect(await seedOf(mcp)).toMatchObject({ seed: { mode: "empty" } });
  });
});

describe("what is wrong with the project is said by the call that needs it, with the flag that cures it", () => {
  test.each<[string, McpOptions, string, string]>([
    ["a path that is not there", { args: ["--project-path", "/no/such"] }, "/no/such", "--project-path"],
    ["a repository that is not there", { args: ["--repo-url", "/no/such"] }, "/no/such", "--repo-url"],
    ["a URL that is a command", { args: ["--repo-url", "ext::sh -c id"] }, "ext::sh", "https:"],
    [
      "a ref that is an option",
      { args: ["--repo-url", "https://x.org/a", "--repo-ref=--x"] },
      "--x",
      "branch",
    ],
  ])("%s", async (_, options, message, hint) => {
    const mcp = start(options);
    await mcp.initialize();
    expect((await mcp.request("tools/list")).result).toHaveProperty("tools.length", 17);
    const { isError, structured } = await mcp.call("workspace_create");
    expect(isError).toBe(true);
    expect(structured).toHaveProperty("error.message", expect.stringContaining(message));
    expect(structured).toHaveProperty("error.hint", expect.stringContaining(hint));
    expect(await mcp.request("ping")).toMatchObject({ result: {} });
  });
});
