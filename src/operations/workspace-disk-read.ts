// `workspace disk read`: a text file on the disk of a stopped workspace.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { guestPath, workspaceIdInput } from "./workspace-fields.js";
import { workspaceFileRead } from "./workspace-file-read.js";

export const workspaceDiskRead = defineOperation({
  id: "workspace_disk_read",
  summary: "Read a text file on the disk of a stopped workspace",
  description:
    "Reads a text file on the disk of a stopped workspace, or a piece of it, anywhere in the guest. The workspace stays stopped. " +
    "When `truncated`, go on with `offset` set to `next_offset`.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    path: guestPath.describe("Absolute in the guest, or relative to /workspace"),
    max_bytes: workspaceFileRead.input.shape.max_bytes,
    offset: workspaceFileRead.input.shape.offset,
  }),
  output: workspaceFileRead.output.omit({ recovery: true }),
  cli: {
    words: ["workspace", "disk", "read"],
    positionals: ["workspace_id", "path"],
    only: {
      flag: "content-only",
      field: "content",
      description: "Print nothing but the content, exactly",
      line: false,
    },
    examples: [
      "pyro workspace disk read fix-parser src/main.py",
      "pyro workspace disk read fix-parser /var/log/dpkg.log --content-only",
    ],
  },
});
