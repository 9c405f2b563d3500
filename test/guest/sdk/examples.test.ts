// Every file of examples/ compiles against the built package as a user's program would, and does what it says.

import { readdir } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../../src/platform/package-files.js";
import { runProcess } from "../../../src/platform/processes.js";
import { useSdk } from "./use-sdk.js";

/** What each prints on stdout. */
const OUTPUTS: Readonly<Record<string, RegExp>> = {
  "cancel.ts": /^cancelled: seen enough\n$/,
  "handle.ts": /^created with 512 MiB\nstarted in a guest\nhello from Linux\n$/,
  "many-guests.ts": /^sum to 30: 465\nsum to 31: 496\nsum to 32: 528\n$/,
  "parallel-workspaces.ts":
    /^attempt 1: exit code 1\nattempt 2: exit code 0\nattempt 3: exit code 1\nkept: answer.py added\n$/,
  "run-once.ts": /^git version .+\nexit code 0 after \d+ ms\n$/,
  "stream-output.ts": /^19 °C\n21 °C\n23 °C\n$/,
  "workspace.ts":
    /^before: exit code 1\nafter: exit code 0\nchanged: \+ {4}return a \+ b\nreset 1: exit code 1\n$/,
};

const TIMEOUT_MS = 120_000;
const COMPILER = path.join(PACKAGE_ROOT, "node_modules", "typescript", "bin", "tsc");
/** tsconfig.examples.json writes there: inside the package, so that `pyro-mcp` is the package itself. */
const COMPILED = path.join(PACKAGE_ROOT, ".cache", "examples");

describe("examples", () => {
  const sdk = useSdk();

  beforeAll(async () => {
    const argv = [
      process.execPath,
      COMPILER,
      "-p",
      path.join(PACKAGE_ROOT, "tsconfig.examples.json"),
    ] as const;
    const { exitCode, stdout } = await runProcess([...argv], { timeoutMs: TIMEOUT_MS });
    expect(exitCode, stdout).toBe(0);
  });

  test("there is an expectation for each", async () => {
    expect((await readdir(path.join(PACKAGE_ROOT, "examples"))).sort()).toEqual(Object.keys(OUTPUTS).sort());
  });

  test.each(Object.entries(OUTPUTS))("%s", async (file, output) => {
    const program = path.join(COMPILED, file.replace(/\.ts$/, ".js"));
    const { exitCode, stdout, stderr } = await runProcess([process.execPath, program], {
      env: { ...sdk().cli.env },
      timeoutMs: TIMEOUT_MS,
    });
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(output);
  });
});
