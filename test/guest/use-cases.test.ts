// The recipes of docs/use-cases, each run once as `make smoke-…` runs it.

import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runSmoke } from "../../scripts/smokes/run-smoke.js";
import type { Smoke } from "../../scripts/smokes/smoke.js";
import { SMOKES } from "../../scripts/smokes/smokes.js";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";

async function run(smoke: Smoke) {
  const lines: string[] = [];
  const { signal } = new AbortController();
  const passed = await runSmoke(smoke, (line) => lines.push(line), signal);
  return { passed, lines };
}

describe.each(SMOKES)("$name", (smoke) => {
  test("holds from its first step to its last", async () => {
    const { passed, lines } = await run(smoke);
    expect(passed, lines.join("\n")).toBe(true);
    expect(lines.slice(-2)).toEqual([
      `[smoke] ${smoke.name}: nothing is left on the host`,
      `[smoke] ${smoke.name}: passed`,
    ]);
  });

  test("has a page that says how to run it, and a target", async () => {
    const page = await readFile(path.join(PACKAGE_ROOT, "docs", "use-cases", `${smoke.name}.md`), "utf8");
    expect(page).toContain(`make smoke-${smoke.name}`);
    expect(await readFile(path.join(PACKAGE_ROOT, "Makefile"), "utf8")).toContain(`smoke-${smoke.name}`);
  });
});

test("a smoke in which something does not hold fails, says what, and leaves nothing", async () => {
  let directory = "";
  const { passed, lines } = await run({
    name: "daily-loop",
    async run(stage) {
      directory = path.basename(stage.directory);
      const agent = await stage.connect([]);
      await agent.call("workspace_create", {});
      stage.prove(false, "the sky is green");
    },
  });
  expect(passed).toBe(false);
  expect(lines).toEqual([
    "[smoke] daily-loop: nothing is left on the host",
    "[smoke] daily-loop: FAILED: does not hold: the sky is green",
  ]);
  expect(await readdir(tmpdir())).not.toContain(directory);
});
