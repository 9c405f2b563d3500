// The recipe "review and evaluation" as the real clients run it.

import { expect, test } from "vitest";
import { HOST_IDS } from "../../src/hosts/agent-host.js";
import { CODEX_APPROVES } from "../helpers/client-programs-ask.js";
import { describeClientRecipe, matching } from "../helpers/client-recipe.js";
import { REVIEW_EVAL_SCRIPT } from "../helpers/review-eval-script.js";

for (const id of HOST_IDS) {
  const recipe = {
    id,
    options: { mode: "review-eval" },
    name: "review-eval",
    prompt: "Which of the two proposals is better?",
    args: id === "codex" ? CODEX_APPROVES : [],
    script: REVIEW_EVAL_SCRIPT,
  } as const;
  describeClientRecipe(id, recipe, (run) => {
    test("shows what a program in a shell answers", () => {
      const { shown } = run();
      expect(shown("open")).toMatchObject({ shell_id: matching(/^sh_\w+$/), state: "running" });
      expect(shown("prompt")["output"]).toMatch(/>>>$/);
      expect(shown("answer")["output"]).toContain("'what-now?'");
    });

    test("shows both scores, each taken from the checkpoint", () => {
      const { shown } = run();
      for (const name of ["drop-punctuation", "words-only"]) {
        expect(shown(`reset for ${name}`)).toMatchObject({ "workspace_reset.snapshot_name": "prepared" });
        expect(shown(`diff of ${name}`)).toMatchObject({ "summary.total": "1", "summary.modified": "1" });
      }
      expect(shown("score of drop-punctuation")).toMatchObject({ exit_code: "1", stdout: "passed 3 of 6" });
      expect(shown("score of words-only")).toMatchObject({ exit_code: "0", stdout: "passed 6 of 6" });
    });

    test("shows that a shell is gone with the reset", () => {
      expect(run().shown("shell after the reset")).toMatchObject({ "error.code": "shell_not_found" });
    });
  });
}
