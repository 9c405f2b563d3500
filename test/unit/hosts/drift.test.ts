import { describe, expect, test } from "vitest";
import type { HostEntry } from "../../../src/hosts/agent-host.js";
import { listDifferences } from "../../../src/hosts/drift.js";
import { readEntryOptions } from "../../../src/hosts/entry-options.js";
import { repairCommand } from "../../../src/hosts/repair-command.js";
import type { ServerCommand } from "../../../src/hosts/server-command.js";

const EXPECTED: ServerCommand = {
  command: "/usr/bin/node",
  args: ["/opt/pyro/bin/pyro", "mcp", "serve"],
  env: { PYRO_STATE_DIR: "/s" },
};
const ENTRY: HostEntry = {
  location: "user",
  command: "/usr/bin/node",
  argumentLine: "/opt/pyro/bin/pyro mcp serve",
  env: { PYRO_STATE_DIR: "/s" },
  enabled: true,
};

describe("listDifferences", () => {
  test("is empty for the entry that it should be, with variables of the user's own", () => {
    const env = { ...ENTRY.env, HTTPS_PROXY: "http://proxy:3128" };
    expect(listDifferences({ ...ENTRY, env }, EXPECTED)).toEqual([]);
  });

  test.each<[string, Partial<HostEntry>, string]>([
    ["another node", { command: "/old/node" }, "its command is /old/node, not /usr/bin/node"],
    [
      "other arguments",
      { argumentLine: "/opt/pyro/bin/pyro mcp serve --mode inspect" },
      "its arguments are `/opt/pyro/bin/pyro mcp serve --mode inspect`, not `/opt/pyro/bin/pyro mcp serve`",
    ],
    ["another state", { env: { PYRO_STATE_DIR: "/t" } }, "its PYRO_STATE_DIR is /t, not /s"],
    ["no state", { env: {} }, "its PYRO_STATE_DIR is unset, not /s"],
    [
      "a cache that nobody asked for",
      { env: { PYRO_STATE_DIR: "/s", PYRO_CACHE_DIR: "/c" } },
      "its PYRO_CACHE_DIR is /c, not unset",
    ],
    ["an entry that is switched off", { enabled: false }, "it is disabled"],
  ])("tells in words: %s", (_what, change, difference) => {
    expect(listDifferences({ ...ENTRY, ...change }, EXPECTED)).toEqual([difference]);
  });

  test("says only that when the entry is an address", () => {
    const { command: _command, ...rest } = ENTRY;
    const remote = { ...rest, command: undefined, argumentLine: "http://127.0.0.1/mcp" };
    expect(listDifferences(remote, EXPECTED)).toEqual(["it is no program but http://127.0.0.1/mcp"]);
  });

  test("sees one argument with spaces in the place of several, where the host shows them one by one", () => {
    const args = ["/opt/pyro/bin/pyro mcp serve"];
    expect(listDifferences({ ...ENTRY, args }, EXPECTED)).toHaveLength(1);
  });

  test("minds the scope only when one was asked for", () => {
    expect(listDifferences(ENTRY, EXPECTED, { scope: "local" })).toEqual(["its scope is user, not local"]);
    expect(listDifferences(ENTRY, EXPECTED, { scope: "user" })).toEqual([]);
  });
});

describe("readEntryOptions", () => {
  const read = (argumentLine: string) => readEntryOptions({ ...ENTRY, argumentLine });

  test("reads the user's choices from an entry whose program has moved", () => {
    expect(read("/gone/bin/pyro mcp serve --mode repro-fix")).toEqual({ mode: "repro-fix" });
    expect(read("/gone/bin/pyro mcp serve")).toEqual({});
  });

  test("knows nothing of an entry that starts something else", () => {
    expect(read("/opt/other/server.js --stdio")).toBeUndefined();
    expect(read("/gone/bin/pyro mcp serves")).toBeUndefined();
  });
});

describe("repairCommand", () => {
  test("repeats the flags, and quotes what a shell would split", () => {
    const options = { mode: "repro-fix", projectPath: "/my project's" } as const;
    expect(repairCommand("codex", { options, place: {} })).toBe(
      "pyro host repair codex --mode repro-fix --project-path '/my project'\\''s'",
    );
    expect(repairCommand("claude-code", { options: {}, place: { scope: "local" } })).toBe(
      "pyro host repair claude-code --scope local",
    );
  });
});
