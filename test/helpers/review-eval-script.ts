// A model that tries code by hand in a shell, and scores two proposals from the same checkpoint.

import { RecipeScript, type RecipeCall, type ShownFact } from "./recipe-script.js";

const CHECKPOINT = "prepared";
/** Longer than a Python that is starting keeps silent on a machine that is busy. */
const IDLE_MS = 2_000;

const shellOf = (shown: ShownFact) => ({ shell_id: shown("open", "shell_id") });
const typed =
  (input: string): NonNullable<RecipeCall["input"]> =>
  (shown) => ({ ...shellOf(shown), input });
const read: NonNullable<RecipeCall["input"]> = (shown) => ({
  ...shellOf(shown),
  plain: true,
  wait_for_idle_ms: IDLE_MS,
});

/** Back to the checkpoint, then the proposal, its score and its diff. */
function evaluate(name: string): RecipeCall[] {
  const score = `git apply proposals/${name}.patch && python3 evaluate.py`;
  return [
    { step: `reset for ${name}`, tool: "workspace_reset", input: () => ({ snapshot: CHECKPOINT }) },
    { step: `score of ${name}`, tool: "workspace_exec", input: () => ({ command: score }) },
    { step: `diff of ${name}`, tool: "workspace_diff" },
  ];
}

/** Of the project test/fixtures/use-cases/review-eval. */
export const REVIEW_EVAL_SCRIPT = new RecipeScript(
  [
    { step: "create", tool: "workspace_create", input: () => ({ name: "review" }) },
    { step: "prepare", tool: "workspace_exec", input: () => ({ command: "python3 prepare.py" }) },
    { step: "checkpoint", tool: "snapshot_create", input: () => ({ snapshot_name: CHECKPOINT }) },
    { step: "open", tool: "shell_open" },
    { step: "python", tool: "shell_write", input: typed("python3 -q") },
    { step: "prompt", tool: "shell_read", input: read },
    { step: "question", tool: "shell_write", input: typed("from slugs import slug; slug('What now?')") },
    { step: "answer", tool: "shell_read", input: read },
    ...evaluate("drop-punctuation"),
    { step: "shell after the reset", tool: "shell_read", input: read },
    ...evaluate("words-only"),
    { step: "summary", tool: "workspace_summary" },
    { step: "delete", tool: "workspace_delete" },
  ],
  "words-only is the better one.",
);
