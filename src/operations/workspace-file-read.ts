// `workspace file read`: the text of a file in a workspace.

import { z } from "zod";
import { bounded } from "../contract/fields.js";
import { READ_MAX_BYTES } from "../contract/limits.js";
import { defineOperation } from "./operation.js";
import { guestPath, recovery, workspaceIdInput } from "./workspace-fields.js";

export const workspaceFileRead = defineOperation({
  id: "workspace_file_read",
  summary: "Read a text file of a workspace",
  description:
    "Reads a text file of a workspace, or a piece of it. When `truncated`, go on with `offset` set to `next_offset`. " +
    "A file that is not UTF-8 is refused: get it out with workspace_export.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    path: guestPath.describe("File below /workspace, or relative to it"),
    max_bytes: bounded(READ_MAX_BYTES, "Bytes to read at most"),
    offset: z.int().min(0).default(0).describe("Where to begin, bytes"),
  }),
  output: z.object({
    workspace_id: z.string(),
    path: z.string().describe("Absolute, in the guest"),
    size_bytes: z.number().describe("Of the whole file"),
    offset: z.number(),
    max_bytes: z.number(),
    content: z.string(),
    truncated: z.boolean().describe("The file goes on after this piece"),
    redacted: z.boolean().describe("Secrets were taken out of the content: it is not what the file holds"),
    next_offset: z.number().nullable().describe("Where the next piece begins; null at the end"),
    recovery: recovery.optional(),
  }),
  cli: {
    words: ["workspace", "file", "read"],
    positionals: ["workspace_id", "path"],
    only: {
      flag: "content-only",
      field: "content",
      description: "Print nothing but the content, exactly",
      line: false,
    },
    examples: [
      "pyro workspace file read fix-parser src/main.py",
      "pyro workspace file read fix-parser build.log --offset 65536 --content-only",
    ],
  },
});
