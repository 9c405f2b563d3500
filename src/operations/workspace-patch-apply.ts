// `workspace patch apply`: edits of text files, all or none.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { largeText, recovery, workspaceIdInput } from "./workspace-fields.js";

export const workspacePatchApply = defineOperation({
  id: "workspace_patch_apply",
  summary: "Apply a patch to a workspace",
  description:
    "Applies a patch to /workspace: unified or git format, or `*** Begin Patch`; adds, deletes, renames and modes too. " +
    "It is checked completely first: on any failure nothing changes, and the error names file, hunk and the lines that did not match.",
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    patch: largeText.describe("The patch; its paths are relative to /workspace"),
  }),
  output: z.object({
    workspace_id: z.string(),
    changed: z.boolean(),
    summary: z.object({
      total: z.int(),
      added: z.int(),
      modified: z.int(),
      deleted: z.int(),
      renamed: z.int(),
    }),
    entries: z.array(
      z.object({
        path: z.string().describe("Relative to /workspace"),
        status: z.enum(["added", "modified", "deleted", "renamed"]),
        old_path: z.string().optional().describe("Before a rename"),
      }),
    ),
    recovery: recovery.optional(),
  }),
  cli: {
    words: ["workspace", "patch", "apply"],
    positionals: ["workspace_id"],
    fileFlags: { patch: "patch-file" },
    examples: [
      "pyro workspace patch apply fix-parser --patch-file fix.patch",
      "git diff | pyro workspace patch apply fix-parser --patch-file -",
    ],
  },
});
