// docs/use-cases/review-eval.md: two proposals, looked at by hand and scored from the same checkpoint.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { Repl } from "./repl.js";
import type { Smoke } from "./smoke.js";

const CHECKPOINT = "prepared";
const PROPOSALS = [
  { name: "drop-punctuation", passed: 3 },
  { name: "words-only", passed: 6 },
] as const;

/** What evaluate.py writes. */
const Report = z.object({ total: z.number(), passed: z.number() });

export const REVIEW_EVAL: Smoke = {
  name: "review-eval",
  async run(stage) {
    const agent = await stage.connect(["--mode", "review-eval"]);
    const { workspace_id } = await agent.call("workspace_create", {});
    const run = (command: string) => agent.call("workspace_exec", { workspace_id, command });
    stage.prove((await run("python3 prepare.py")).exit_code === 0, "the evaluation is prepared");
    await agent.call("snapshot_create", { workspace_id, snapshot_name: CHECKPOINT });
    const { count } = await agent.call("snapshot_list", { workspace_id });
    stage.prove(count === 2, "that state is a checkpoint, beside the baseline");

    const repl = await Repl.open(agent, workspace_id);
    await repl.type("from slugs import slug");
    const answer = await repl.type('slug("What now?")');
    stage.prove(answer.includes("'what-now?'"), "in a shell the code is tried by hand: it keeps punctuation");

    for (const { name, passed } of PROPOSALS) {
      const { workspace_reset: reset } = await agent.call("workspace_reset", {
        workspace_id,
        snapshot: CHECKPOINT,
      });
      stage.prove(reset.snapshot_name === CHECKPOINT, `${name} begins at the checkpoint`);
      await run(`git apply proposals/${name}.patch`);
      const evaluated = await run("python3 evaluate.py");
      const isScored = evaluated.stdout.includes(`passed ${passed} of 6`);
      stage.prove(isScored, `${name} passes ${passed} of 6 cases, which only the checkpoint has`);
      const { summary } = await agent.call("workspace_diff", { workspace_id });
      stage.prove(summary.total === 1 && summary.modified === 1, `${name} changes one file, and no other`);
    }
    const gone = await agent.callInVain("shell_read", { workspace_id, shell_id: repl.shellId });
    stage.prove(gone === "shell_not_found", "the shell is gone with the reset");

    const output_path = path.join(stage.directory, "report.json");
    await agent.call("workspace_export", { workspace_id, path: "report.json", output_path });
    const report = Report.parse(JSON.parse(await readFile(output_path, "utf8")));
    stage.prove(report.passed === report.total, "the report of the better one is on the host");
    const diff = await agent.call("workspace_diff", { workspace_id });
    await stage.proveApplies(diff.patch);

    const { deleted } = await agent.call("snapshot_delete", { workspace_id, snapshot_name: CHECKPOINT });
    stage.prove(deleted, "the checkpoint is given up");
    await agent.call("workspace_delete", { workspace_id });
    await stage.proveProjectUntouched();
  },
};
