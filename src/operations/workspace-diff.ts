// `workspace diff`: what differs from the baseline.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { changeEntry, changeSummary, guestPath, recovery, workspaceIdInput } from "./workspace-fields.js";

export const workspaceDiff = defineOperation({
  id: "workspace_diff",
  summary: "Show what differs from the seed",
  description:
    "Compares /workspace with the seed as it was at create, whatever was committed inside. " +
    "Returns every changed entry and a patch of the text files that `git apply` takes. " +
    "Binary files, types and modes are in the entries; ignored files are only counted; .git never counts.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    include_patch: z.boolean().default(true).describe("Return the text patch"),
    path: guestPath.optional().describe("Only this file or directory"),
    include_ignored: z.boolean().default(false).describe("Compare what Git ignores, too"),
    include_binary: z.boolean().default(false).describe("Put binary files into the patch, too"),
  }),
  output: z.object({
    workspace_id: z.string(),
    changed: z.boolean(),
    summary: changeSummary,
    entries: z.array(changeEntry),
    ignored: z
      .array(z.object({ path: z.string(), entry_count: z.int() }))
      .describe("What Git ignores, counted per top directory"),
    patch: z.string().describe("In git's format; empty when nothing changed"),
    patch_truncated: z
      .boolean()
      .describe("Changes were left out of it for their size; ask for them with `path`"),
    patch_redacted: z.boolean().describe("Secrets were taken out of the patch: it does not apply as it is"),
    recovery: recovery.optional(),
  }),
  cli: {
    words: ["workspace", "diff"],
    positionals: ["workspace_id"],
    flags: { include_patch: "patch" },
    examples: [
      "pyro workspace diff fix-parser",
      "pyro workspace diff fix-parser --path src --include-ignored",
      "pyro workspace diff fix-parser | git apply",
    ],
  },
});
