// docs/use-cases/repro-fix-loop.md: see it fail, fix it, prove the fix from a clean state, hand over a patch.

import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Smoke } from "./smoke.js";

const TESTS = "PYTHONDONTWRITEBYTECODE=1 python3 -m unittest";

export const REPRO_FIX_LOOP: Smoke = {
  name: "repro-fix-loop",
  async run(stage) {
    const agent = await stage.connect(["--mode", "repro-fix"]);
    const { workspace_id, workspace_seed: seed } = await agent.call("workspace_create", { name: "fix" });
    stage.prove(
      seed.mode === "directory",
      `the workspace starts from the checkout, ${seed.entry_count} entries`,
    );
    const run = () => agent.call("workspace_exec", { workspace_id, command: TESTS });

    const before = await run();
    const isSeen = before.exit_code === 1 && before.stderr.includes("test_more_than_one_piece");
    stage.prove(isSeen, "the failure is reproduced: one test fails, exit code 1");
    stage.prove(before.execution_mode === "guest", "it runs in a guest, not on the host");

    const fix = await stage.fixture("fix.patch");
    const { summary } = await agent.call("workspace_patch_apply", { workspace_id, patch: fix });
    stage.prove(summary.modified === 1, "the patch changes one file of the workspace");
    stage.prove((await run()).exit_code === 0, "with the patch all tests pass");

    const { reset_count: resets } = await agent.call("workspace_reset", { workspace_id });
    stage.prove(resets === 1 && (await run()).exit_code === 1, "after a reset the failure is back");
    await agent.call("workspace_patch_apply", { workspace_id, patch: fix });
    stage.prove((await run()).exit_code === 0, "from a clean state the patch alone makes the tests pass");

    const diff = await agent.call("workspace_diff", { workspace_id });
    stage.prove(diff.summary.total === 1, "the diff holds the fix and nothing else");
    await stage.proveApplies(diff.patch);
    const output_path = path.join(stage.directory, "orders.py");
    await agent.call("workspace_export", { workspace_id, path: "orders.py", output_path });
    const exported = await readFile(output_path, "utf8");
    stage.prove(exported.includes('* line["quantity"]'), "the export brings the fixed file to the host");
    await stage.proveProjectUntouched();

    const { deleted } = await agent.call("workspace_delete", { workspace_id });
    const { count } = await agent.call("workspace_list", {});
    stage.prove(deleted && count === 0, "the workspace is gone");
  },
};
