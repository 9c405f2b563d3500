// What the protocol's own Inspector says of every profile and mode: are the schemas fit for every client?

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProcess } from "../../../src/platform/processes.js";
import { TestPyro } from "../../helpers/test-pyro.js";
import { EVERY_SERVER } from "../../unit/mcp/offered.js";
import { installInspector } from "./inspector.js";

let pyro: TestPyro;
let inspector: string;
beforeAll(async () => {
  pyro = await TestPyro.create();
  inspector = await installInspector();
});
afterAll(() => pyro[Symbol.asyncDispose]());

describe.each(["legacy", "modern"])("in the %s protocol", (era) => {
  test.each(EVERY_SERVER)("%s has nothing to complain of", async (name, { mode }) => {
    const server = pyro.argv(["mcp", "serve", mode ? "--mode" : "--profile", name]);
    const flags = ["--cli", "--method", "tools/list", "--strict", "--protocol-era", era];
    const { exitCode, stdout, stderr } = await runProcess([inspector, ...flags, "--", ...server], {
      env: { ...pyro.env },
      cwd: pyro.directory,
      timeoutMs: 60_000,
    });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"name"');
  });
});
