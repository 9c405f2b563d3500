// Paths that are long, strange, unset or not there.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveSettings } from "../../src/platform/settings.js";
import { expectDaemonLeftNothing } from "../helpers/nothing-left.js";
import { TestPyro } from "../helpers/test-pyro.js";

const STRANGE = "a b'c\"d,e:f$HOME;g=h\\i ünïcödé 🐈";

let base: string;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), "pyro-paths-"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function expectRuns(extra: Readonly<Record<string, string>>): Promise<void> {
  await using pyro = await TestPyro.create({ PYRO_POOL: "0", ...extra });
  const { status, stdout, stderr } = await pyro.run(["run", "debian:12", "--", "echo", "works"]);
  expect(stderr).not.toMatch(/^error/m);
  expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: "works\n" });
  await pyro.run(["daemon", "stop"]);
  await expectDaemonLeftNothing(pyro);
}

describe("the state directory", () => {
  test("may be longer than a socket's path", async () => {
    const directory = path.join(base, ...Array.from({ length: 5 }, () => "long".repeat(12)));
    expect(directory.length).toBeGreaterThan(200);
    await expectRuns({ PYRO_STATE_DIR: directory });
  });

  test("may have spaces, quotes, commas, colons, dollars and unicode in its name", async () => {
    await expectRuns({ PYRO_STATE_DIR: path.join(base, STRANGE, "state") });
  });
});

describe("the runtime directory", () => {
  test.each([
    ["unset", ""],
    ["too long for a socket", `/tmp/${"x".repeat(100)}`],
    ["not there", "/run/user/4711/none"],
    ["relative", "run"],
    ["a file", "/etc/passwd"],
  ])("may be %s", async (_name, directory) => {
    await expectRuns({ XDG_RUNTIME_DIR: directory });
  });

  test("may have a name that runsc's flags cannot hold", async () => {
    const directory = path.join(base, "r,u:n=x");
    await mkdir(directory, { mode: 0o700 });
    await expectRuns({ XDG_RUNTIME_DIR: directory });
  });
});

describe("the home directory", () => {
  test("may have spaces and unicode in its name, with everything below it", async () => {
    const home = path.join(base, "my home é");
    await mkdir(home, { mode: 0o700 });
    const { stateDir } = resolveSettings({ HOME: home });
    expect(stateDir).toBe(path.join(home, ".local", "state", "pyro-mcp"));
    await expectRuns({
      HOME: home,
      PYRO_STATE_DIR: stateDir,
      PYRO_CACHE_DIR: path.join(home, ".cache", "pyro-mcp"),
    });
  });
});

describe("the umask", () => {
  test("may be as strict as it likes", async () => {
    const before = process.umask(0o077);
    try {
      await expectRuns({});
    } finally {
      process.umask(before);
    }
  });
});
