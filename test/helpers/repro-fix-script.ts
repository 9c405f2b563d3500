// A model that reproduces a failure, fixes it and proves the fix. What it asks for it takes from what it was shown.

import { RecipeScript } from "./recipe-script.js";

/** The output of the tests goes to stdout, and nothing of theirs into the diff. */
const TESTS = "PYTHONDONTWRITEBYTECODE=1 python3 -m unittest 2>&1";
const FILE = "orders.py";

/** Of the project test/fixtures/use-cases/repro-fix-loop. */
export const REPRO_FIX_SCRIPT = new RecipeScript(
  [
    { step: "create", tool: "workspace_create", input: () => ({ name: "fix" }) },
    { step: "reproduce", tool: "workspace_exec", input: () => ({ command: TESTS }) },
    // Before it has looked at the file.
    {
      step: "guess",
      tool: "workspace_patch_apply",
      input: () => ({ patch: makePatch("return 0", "return 1") }),
    },
    { step: "read", tool: "workspace_file_read", input: () => ({ path: FILE }) },
    {
      step: "fix",
      tool: "workspace_patch_apply",
      input: (shown) => ({ patch: mend(shown("read", "content")) }),
    },
    { step: "pass", tool: "workspace_exec", input: () => ({ command: TESTS }) },
    { step: "diff", tool: "workspace_diff" },
    { step: "reset", tool: "workspace_reset" },
    { step: "fail again", tool: "workspace_exec", input: () => ({ command: TESTS }) },
    {
      step: "apply the diff",
      tool: "workspace_patch_apply",
      input: (shown) => ({ patch: `${shown("diff", "patch")}\n` }),
    },
    { step: "pass again", tool: "workspace_exec", input: () => ({ command: TESTS }) },
    { step: "delete", tool: "workspace_delete" },
  ],
  "It is fixed.",
);

function mend(content: string): string {
  const broken = content.split("\n").find((line) => line.includes('line["price"]'));
  if (broken === undefined) throw new Error(`this is not ${FILE}: ${content}`);
  return makePatch(broken, broken.replace('line["price"]', 'line["price"] * line["quantity"]'));
}

function makePatch(before: string, after: string): string {
  const change = [`*** Update File: ${FILE}`, "@@", `-${before}`, `+${after}`];
  return ["*** Begin Patch", ...change, "*** End Patch", ""].join("\n");
}
