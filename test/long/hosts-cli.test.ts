// `pyro host …` as it is typed, with the real programs of the hosts.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLI_ENTRY } from "../../src/platform/package-files.js";
import { ClientHome } from "../helpers/client-programs-home.js";
import { TestPyro, type CliResult } from "../helpers/test-pyro.js";

let home: ClientHome;
let pyro: TestPyro;
beforeEach(async () => {
  home = await ClientHome.create();
  pyro = await TestPyro.create(home.env);
});
afterEach(async () => {
  await pyro[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

const host = (...args: readonly string[]): Promise<CliResult> => pyro.run(["host", ...args]);

describe("pyro host", () => {
  test("connects Codex with absolute paths and the state of whoever connects it", async () => {
    const { status, stdout } = await host("connect", "codex", "--mode", "repro-fix");
    expect({ status, stdout: stdout.toString() }).toEqual({
      status: 0,
      stdout: `Connected Codex (user): ${process.execPath} ${CLI_ENTRY} mcp serve --mode repro-fix\n`,
    });
    const config = await home.read(".codex", "config.toml");
    expect(config).toContain(`PYRO_STATE_DIR = "${pyro.settings.stateDir}"`);
    expect(await pyro.json(["host", "connect", "codex", "--mode", "repro-fix"])).toMatchObject({
      status: 0,
      value: { host: "codex", changed: false, env: { PYRO_CACHE_DIR: pyro.settings.cacheDir } },
    });
  });

  test("another entry is a conflict; the hint's own words mend it", async () => {
    await host("connect", "claude-code", "--environment", "debian:12-build");
    const { status, stderr } = await host("connect", "claude-code", "--mode", "inspect");
    expect(status).toBe(4);
    const repair = /^hint: .*`pyro (host repair .*)`/m.exec(stderr)?.[1] ?? "";
    expect((await pyro.run(repair.split(" "))).status).toBe(0);
    expect((await host("connect", "claude-code", "--mode", "inspect")).stdout.toString()).toContain(
      "nothing to do",
    );
  });

  test("print-config prints a configuration, the same with --json, and merges it with --output", async () => {
    const printed = await host("print-config", "opencode", "--profile", "vm-run");
    const { value } = await pyro.json(["host", "print-config", "opencode", "--profile", "vm-run"]);
    expect(JSON.parse(printed.stdout.toString())).toEqual(value);
    const file = path.join(home.directory, ".config", "opencode", "opencode.json");
    expect((await host("print-config", "opencode", "--output", file)).stdout.toString()).toBe(
      `Wrote ${file}\n`,
    );
    await writeFile(file, "no configuration");
    const { stderr } = await host("print-config", "opencode", "--output", file);
    expect(stderr).toBe(`note: what was there is no configuration; it is in ${file}.backup\n`);
    expect(await readFile(`${file}.backup`, "utf8")).toBe("no configuration");
  });

  test.each([
    ["an agent that there is not", ["connect", "emacs"]],
    ["OpenCode, which has no `mcp add`", ["connect", "opencode"]],
    ["flags that contradict each other", ["connect", "codex", "--mode", "inspect", "--profile", "vm-run"]],
    ["a mode that there is not", ["doctor", "--mode", "fast"]],
  ])("refuses %s as wrong usage", async (_what, args) => {
    const { status, stderr } = await host(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*\nhint: .*\n$/);
  });

  test("without the agent's program it says so and what to do", async () => {
    const { status, stderr } = await pyro.run(["host", "connect", "codex"], {
      env: { PATH: "/usr/bin:/bin" },
    });
    expect(status).toBe(5);
    expect(stderr).toContain("Codex is not installed");
  });

  test("doctor exits with 5 when an entry has drifted, and shows how", async () => {
    await host("connect", "codex");
    const file = path.join(home.directory, ".codex", "config.toml");
    await writeFile(file, (await readFile(file, "utf8")).replace(process.execPath, "/gone/node"));
    const { status, value } = await pyro.json(["host", "doctor"]);
    expect(status).toBe(5);
    expect(value).toMatchObject({
      healthy: false,
      hosts: [
        { host: "claude-code", installed: true, configured: false, drifted: false },
        {
          host: "codex",
          configured: true,
          drifted: true,
          differences: [`its command is /gone/node, not ${process.execPath}`],
          hint: "Make it canonical with `pyro host repair codex`.",
        },
        { host: "opencode", installed: true, configured: false },
      ],
    });
    const { stdout } = await host("doctor");
    expect(stdout.toString()).toContain("drifted=yes");
  });
});
