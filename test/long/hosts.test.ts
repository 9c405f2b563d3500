// Connect, repair and doctor with the real programs of the hosts; a stand-in plays the server.

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ServeOptions } from "../../src/contract/serve-options.js";
import { HOST_IDS, type HostEntry, type HostId } from "../../src/hosts/agent-host.js";
import { connectHost, repairHost } from "../../src/hosts/connect.js";
import { examineHosts, type HostsReport } from "../../src/hosts/doctor.js";
import type { HostState } from "../../src/hosts/examine-host.js";
import { requireHostProgram } from "../../src/hosts/host-program.js";
import { HOSTS } from "../../src/hosts/hosts.js";
import { buildServerCommand, type ServerCommand } from "../../src/hosts/server-command.js";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { listCodexServers } from "../helpers/client-programs-codex.js";
import { ClientHome } from "../helpers/client-programs-home.js";

const TINY = path.join(PACKAGE_ROOT, "test", "fixtures", "tiny-mcp-server.mjs");

let home: ClientHome;
beforeEach(async () => {
  home = await ClientHome.create();
});
afterEach(() => home[Symbol.asyncDispose]());

const ENV = { PYRO_STATE_DIR: "/nowhere/my state" };

function build(options: ServeOptions): ServerCommand {
  return buildServerCommand(options, { cwd: home.project, env: ENV, program: [process.execPath, TINY] });
}

function connect(id: HostId, options: ServeOptions = {}, scope?: string) {
  const place = scope === undefined ? {} : { scope };
  return connectHost(HOSTS[id], { options, command: build(options), place }, home.context());
}

function repair(id: HostId, options: ServeOptions = {}) {
  return repairHost(HOSTS[id], { options, command: build(options), place: {} }, home.context());
}

async function examine(ids: readonly HostId[], options?: ServeOptions): Promise<HostsReport> {
  return examineHosts(
    ids.map((id) => HOSTS[id]),
    { options, build },
    home.context(),
  );
}

async function stateOf(id: HostId, options?: ServeOptions): Promise<HostState | undefined> {
  return (await examine([id], options)).hosts[0];
}

async function readEntry(id: HostId): Promise<HostEntry | undefined> {
  const context = home.context();
  const { program } = await requireHostProgram(HOSTS[id], context);
  return HOSTS[id].readEntry(program, context);
}

describe.each(["claude-code", "codex"] as const)("host connect %s", (id) => {
  test("adds the canonical entry; again there is nothing to do", async () => {
    const options = { mode: "repro-fix", projectPath: "." } as const;
    expect(await connect(id, options)).toMatchObject({
      changed: true,
      entry: { location: "user", env: ENV },
    });
    expect(await readEntry(id)).toMatchObject({
      command: process.execPath,
      argumentLine: `${TINY} mcp serve --mode repro-fix --project-path ${home.project}`,
    });
    expect(await connect(id, options)).toMatchObject({ changed: false });
  });

  test("refuses to replace another entry, and says how to; repair replaces it", async () => {
    await connect(id, { mode: "inspect" });
    await expect(connect(id, { mode: "repro-fix" })).rejects.toMatchObject({
      code: "conflict",
      hint: `Replace it with \`pyro host repair ${id} --mode repro-fix\`.`,
    });
    expect(await readEntry(id)).toMatchObject({ argumentLine: `${TINY} mcp serve --mode inspect` });
    expect(await repair(id, { mode: "repro-fix" })).toMatchObject({ changed: true });
    expect(await readEntry(id)).toMatchObject({ argumentLine: `${TINY} mcp serve --mode repro-fix` });
    expect(await repair(id, { mode: "repro-fix" })).toMatchObject({ changed: false });
  });

  test("repair keeps the user's own variables, and makes an entry where there is none", async () => {
    expect(await repair(id)).toMatchObject({ changed: true });
    const { program, entry } = await connect(id);
    const command = { command: "/gone/node", args: [], env: { HTTPS_PROXY: "http://proxy", PYRO_POOL: "0" } };
    await HOSTS[id].writeEntry(program, command, home.context(), { place: {}, found: entry });
    expect(await repair(id)).toMatchObject({
      changed: true,
      entry: { command: process.execPath, env: { ...ENV, HTTPS_PROXY: "http://proxy" } },
    });
  });

  test("says in the program's own words that its configuration is damaged", async () => {
    const file = id === "codex" ? path.join(".codex", "config.toml") : ".claude.json";
    await mkdir(path.join(home.directory, ".codex"), { recursive: true });
    await writeFile(path.join(home.directory, file), "{ bad = = }");
    await expect(connect(id)).rejects.toThrow(path.join(home.directory, file));
    const state = await stateOf(id);
    expect(state?.healthy).toBe(false);
    expect(state?.problem).toContain(file);
  });
});

describe("host connect", () => {
  test("names the program that is missing", async () => {
    const context = { ...home.context(), env: { ...home.env, PATH: "/usr/bin:/bin" } };
    const request = { options: {}, command: build({}), place: {} };
    await expect(connectHost(HOSTS.codex, request, context)).rejects.toMatchObject({
      code: "program_missing",
      message: "Codex is not installed: no program `codex` on PATH",
    });
  });

  test("Claude Code: an entry of this project comes before the one of all projects, and repair mends it where it is", async () => {
    await connect("claude-code", {}, "user");
    const { program, entry } = await connect("claude-code");
    const moved = { ...build({}), command: "/gone/node" };
    await HOSTS["claude-code"].writeEntry(program, moved, home.context(), {
      place: { scope: "local" },
      found: undefined,
    });
    expect(entry.location).toBe("user");
    expect(await stateOf("claude-code")).toMatchObject({ entry: { location: "local" }, healthy: false });
    expect(await repair("claude-code")).toMatchObject({
      entry: { location: "local", command: process.execPath },
    });
    expect(await stateOf("claude-code")).toMatchObject({ healthy: true });
  });

  test("Codex: it starts the server by the entry, and finds its tools", async () => {
    await connect("codex");
    const [server] = await listCodexServers(home);
    expect(server).toMatchObject({ name: "pyro", serverInfo: { name: "tiny" }, toolsError: null });
    expect(new Set(Object.keys(server?.tools ?? {}))).toEqual(
      new Set(["read_facts", "write_fact", "forget_fact"]),
    );
  });

  test("Codex: what `codex mcp add` cannot keep is named", async () => {
    await connect("codex", { mode: "inspect" });
    const config = await home.read(".codex", "config.toml");
    const slow = config.replace("[mcp_servers.pyro]", "[mcp_servers.pyro]\ntool_timeout_sec = 600");
    await writeFile(path.join(home.directory, ".codex", "config.toml"), slow);
    expect((await repair("codex")).notes).toEqual([
      "tool_timeout_sec=600 was in the entry before; set it again",
    ]);
  });
});

describe("host repair opencode", () => {
  test("writes the user's configuration, and OpenCode takes it", async () => {
    // OpenCode makes this file itself as soon as it runs.
    const file = path.join(home.directory, ".config", "opencode", "opencode.jsonc");
    expect(await repair("opencode")).toMatchObject({ changed: true, notes: [`written to ${file}`] });
    expect(await readEntry("opencode")).toMatchObject({ command: process.execPath, env: ENV, enabled: true });
    const { stdout } = await home.run("opencode", ["mcp", "list"]);
    expect(stdout).toMatch(/✓ pyro .*connected/);
  });

  test("says that another configuration comes before the one that it wrote", async () => {
    const entry = { type: "local", enabled: true, command: ["/gone/node"] };
    await writeFile(path.join(home.project, "opencode.json"), JSON.stringify({ mcp: { pyro: entry } }));
    const refused = repair("opencode");
    await expect(refused).rejects.toThrow("its command is /gone/node");
    await expect(refused).rejects.toMatchObject({
      code: "conflict",
      hint: "Another configuration of OpenCode comes before it, perhaps this project's: look there.",
    });
  });
});

describe("host doctor", () => {
  test("finds hosts that are not connected well, and says how to connect them", async () => {
    const { healthy, probe, hosts } = await examine(HOST_IDS);
    expect(healthy).toBe(true);
    expect(probe.toolNames).toHaveLength(3);
    for (const state of hosts) {
      expect(state.installed?.version).toMatch(/^\d/);
      expect(state.healthy).toBe(true);
      expect(state.hint).toContain("Connect it with `pyro host ");
      expect(state.entry).toBeUndefined();
    }
  });

  test("finds connected hosts well, each with its own choices", async () => {
    await connect("claude-code", { mode: "inspect" });
    await connect("codex");
    await repair("opencode", { mode: "repro-fix" });
    const { healthy, hosts } = await examine(HOST_IDS);
    expect(
      hosts.map(({ id, differences, probe }) => ({ id, differences, reachable: probe?.reachable })),
    ).toEqual(hosts.map(({ id }) => ({ id, differences: [], reachable: true })));
    expect(hosts[0]?.entry?.status).toBe("✔ Connected");
    expect(healthy).toBe(true);
  });

  test("says how entries have drifted, and the command that keeps the user's choices", async () => {
    const gone = { ...build({ mode: "inspect" }), command: "/gone/node" };
    for (const id of HOST_IDS) {
      const { program, entry } = await repair(id);
      await HOSTS[id].writeEntry(program, gone, home.context(), { place: {}, found: entry });
    }
    const { healthy, hosts } = await examine(HOST_IDS);
    expect(healthy).toBe(false);
    for (const state of hosts) {
      expect(state).toMatchObject({
        differences: [`its command is /gone/node, not ${process.execPath}`],
        hint: `Make it canonical with \`pyro host repair ${state.id} --mode inspect\`.`,
      });
    }
    expect(hosts[0]?.entry?.status).toContain("Failed to connect");
  });

  test("with flags wants exactly these", async () => {
    await connect("codex", { mode: "inspect" });
    expect(await stateOf("codex", { mode: "inspect" })).toMatchObject({ healthy: true });
    expect(await stateOf("codex", { mode: "repro-fix" })).toMatchObject({
      healthy: false,
      hint: "Make it canonical with `pyro host repair codex --mode repro-fix`.",
    });
  });
});
