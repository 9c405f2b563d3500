// What a server needs in order to answer: nothing. It looks at the daemon, the engine and the cache when a tool is called.

import { access, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { acquireFileLock } from "../../../src/platform/file-lock.js";
import { ensureStateDirectories } from "../../../src/platform/state-paths.js";
import { copyPackage } from "../../helpers/package-copy.js";
import { TestPyro } from "../../helpers/test-pyro.js";
import { makeTempDirectory } from "../../unit/helpers/temp-directory.js";
import { McpProcess, type McpOptions } from "./mcp-process.js";

/** Lists the tools, and ends the server; the list. */
async function listTools(pyro: TestPyro, options: McpOptions = {}): Promise<unknown> {
  const mcp = new McpProcess(pyro, options);
  await mcp.initialize();
  const { result } = await mcp.request("tools/list");
  expect(await mcp.end()).toBe(0);
  expect(mcp.stderr).toBe("");
  return result;
}

describe("a server lists its tools", () => {
  test("and starts no daemon, and makes no file", async () => {
    await using pyro = await TestPyro.create();
    expect(await listTools(pyro)).toHaveProperty("tools.length", 17);
    await expect(access(pyro.settings.stateDir)).rejects.toThrow("ENOENT");
    await expect(access(pyro.settings.cacheDir)).rejects.toThrow("ENOENT");
  });

  test("without programs of its own, an engine or an environment", async () => {
    await using pyro = await TestPyro.create({ PYRO_ENVIRONMENT_CACHE_DIR: "/no/such/cache" });
    await using copy = await copyPackage();
    await rm(copy.libexec, { recursive: true });
    expect(await listTools(pyro, { cli: copy.cli })).toHaveProperty("tools.length", 17);
  });

  test("with nothing in its environment but HOME, PATH and TERM", async () => {
    await using pyro = await TestPyro.create();
    const { HOME = "", PATH = "" } = pyro.env;
    expect(await listTools(pyro, { env: { HOME, PATH, TERM: "dumb" } })).toHaveProperty("tools.length", 17);
  });

  test("while somebody holds the locks of its state", async () => {
    await using pyro = await TestPyro.create();
    const { startLock, daemonLock } = await ensureStateDirectories(pyro.settings);
    await using _start = await acquireFileLock(startLock);
    await using _daemon = await acquireFileLock(daemonLock);
    expect(await listTools(pyro)).toHaveProperty("tools.length", 17);
  });

  test("in a directory that is gone", async () => {
    await using pyro = await TestPyro.create();
    const gone = await makeTempDirectory();
    const mcp = new McpProcess(pyro, { cwd: gone });
    // The server has not begun to run yet: its process stands in the directory, which is taken from under it.
    mcp.child.kill("SIGSTOP");
    await rm(gone, { recursive: true });
    mcp.child.kill("SIGCONT");
    await mcp.initialize();
    expect((await mcp.request("tools/list")).result).toHaveProperty("tools.length", 17);
  });
});

test("a state that cannot be used is told by the call that needs it, and the server lives on", async () => {
  await using pyro = await TestPyro.create();
  const file = path.join(pyro.directory, "a-file");
  await writeFile(file, "");
  const mcp = new McpProcess(pyro, { env: { ...pyro.env, PYRO_STATE_DIR: path.join(file, "state") } });
  await mcp.initialize();
  const { isError, structured, text } = await mcp.call("workspace_list");
  expect(isError).toBe(true);
  expect(structured).toHaveProperty("error.code", "storage_unavailable");
  expect(text).toContain("storage_unavailable");
  expect(await mcp.request("ping")).toMatchObject({ result: {} });
});
