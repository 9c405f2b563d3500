// `workspace disk list`: what is on the disk of a stopped workspace.

import { z } from "zod";
import { WORKSPACE_PATH } from "../contract/limits.js";
import { defineOperation } from "./operation.js";
import { guestPath, workspaceIdInput } from "./workspace-fields.js";
import { workspaceFileList } from "./workspace-file-list.js";

export const workspaceDiskList = defineOperation({
  id: "workspace_disk_list",
  summary: "List files on the disk of a stopped workspace",
  description:
    "Lists a directory on the disk of a stopped workspace, anywhere in the guest: installed packages and logs of the system, too. " +
    "The workspace stays stopped. What a guest only has while it runs, such as /proc, is not there.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    path: guestPath.default(WORKSPACE_PATH).describe("Absolute in the guest, or relative to /workspace"),
    recursive: z.boolean().default(false).describe("List everything below it"),
  }),
  output: workspaceFileList.output.omit({ recovery: true }),
  cli: {
    words: ["workspace", "disk", "list"],
    positionals: ["workspace_id", "path"],
    examples: [
      "pyro workspace disk list fix-parser",
      "pyro workspace disk list fix-parser /var/log --recursive",
    ],
  },
});
