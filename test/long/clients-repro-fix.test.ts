// The recipe "reproduce and fix" as the real clients run it.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { ServeOptions } from "../../src/contract/serve-options.js";
import type { HostId } from "../../src/hosts/agent-host.js";
import { runGit } from "../helpers/checkout.js";
import { describeClientRecipe, fixtureProject, matching } from "../helpers/client-recipe.js";
import { REPRO_FIX_SCRIPT } from "../helpers/repro-fix-script.js";

const RUNS: readonly { id: HostId; options: ServeOptions; title: string }[] = [
  { id: "claude-code", options: { mode: "repro-fix" }, title: "claude-code with --mode repro-fix" },
  { id: "codex", options: { mode: "repro-fix" }, title: "codex with --mode repro-fix" },
  { id: "opencode", options: { mode: "repro-fix" }, title: "opencode with --mode repro-fix" },
  { id: "codex", options: {}, title: "codex with the default profile" },
];

for (const { id, options, title } of RUNS) {
  const recipe = {
    id,
    options,
    name: "repro-fix-loop",
    prompt: "Reproduce the failing test and fix it.",
    script: REPRO_FIX_SCRIPT,
  };
  describeClientRecipe(title, recipe, (run) => {
    test("shows how the tests end and what they print", () => {
      const { shown } = run();
      const failed = { exit_code: "1", stdout: matching(/^AssertionError: 250 != 750$/m) };
      const passed = { exit_code: "0", stdout: matching(/^Ran 3 tests in .*\n\nOK$/m) };
      expect(shown("reproduce")).toMatchObject({ ...failed, sequence: "1", timed_out: "false" });
      expect(shown("pass")).toMatchObject({ ...passed, sequence: "2", execution_mode: "guest" });
      expect(shown("fail again")).toMatchObject(failed);
      expect(shown("pass again")).toMatchObject(passed);
    });

    test("shows the file as it is", async () => {
      const content = (
        await readFile(path.join(fixtureProject("repro-fix-loop"), "orders.py"), "utf8")
      ).trimEnd();
      expect(run().shown("read")).toMatchObject({
        path: "/workspace/orders.py",
        content,
        truncated: "false",
      });
    });

    test("shows of a patch that does not fit the code, what does not fit, and what to do", () => {
      expect(run().shown("guess")).toMatchObject({
        "error.code": "patch_rejected",
        "error.message": matching(/^orders\.py: hunk 1 \(line 3 of the patch\): .*"return 0"/),
        "error.hint": "Nothing was changed; read the file as it is now, and make the patch anew.",
        "error.retryable": "false",
      });
    });

    test("shows a patch that fits into a workspace that is reset", () => {
      const { shown } = run();
      expect(shown("diff")).toMatchObject({ changed: "true", "summary.total": "1", "summary.modified": "1" });
      expect(shown("reset")).toMatchObject({ reset_count: "1", state: "started" });
      expect(shown("apply the diff")).toMatchObject({ changed: "true", "summary.modified": "1" });
    });

    test("shows a patch that fits the project on the host", async () => {
      const { home, shown } = run();
      await runGit(home.project, ["apply", "-"], `${shown("diff")["patch"]}\n`);
      const fixed = await readFile(path.join(home.project, "orders.py"), "utf8");
      expect(fixed).toContain('sum(line["price"] * line["quantity"] for line in lines)');
      await runGit(home.project, ["checkout", "--", "orders.py"]);
    });
  });
}
