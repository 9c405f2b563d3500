// `workspace file write`: the text of a file in a workspace.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { guestPath, largeText, recovery, workspaceIdInput } from "./workspace-fields.js";

export const workspaceFileWrite = defineOperation({
  id: "workspace_file_write",
  summary: "Write a text file of a workspace",
  description:
    "Writes a whole text file in a workspace, atomically. Missing directories are made; a file that is there is replaced and keeps its mode. " +
    "For a few changed lines take workspace_patch_apply.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    path: guestPath.describe("File below /workspace, or relative to it"),
    text: largeText.describe("The whole content"),
  }),
  output: z.object({
    workspace_id: z.string(),
    path: z.string().describe("Absolute, in the guest"),
    size_bytes: z.number(),
    bytes_written: z.number(),
    created: z.boolean().describe("False: a file was replaced"),
    recovery: recovery.optional(),
  }),
  cli: {
    words: ["workspace", "file", "write"],
    positionals: ["workspace_id", "path"],
    fileFlags: { text: "text-file" },
    examples: [
      "pyro workspace file write fix-parser notes.md --text 'first line'",
      "pyro workspace file write fix-parser src/main.py --text-file ./main.py",
      "generate | pyro workspace file write fix-parser data.json --text-file -",
    ],
  },
});
