import { expect, test } from "vitest";
import { runGit } from "../../../../src/mcp/project-source/run-git.js";

test("without a directory of its own Git stands in no checkout, and reads no configuration of one", async () => {
  const { signal } = new AbortController();
  const { exitCode, stdout } = await runGit(["config", "--list"], { signal, timeoutMs: 10_000 });
  expect(exitCode).toBe(0);
  expect(stdout).toContain("core.hookspath=/dev/null");
  expect(stdout).not.toContain("repositoryformatversion");
});
