// `workspace status`: the record of one workspace.

import { defineOperation } from "./operation.js";
import { workspaceIdOnly, workspaceRecord } from "./workspace-fields.js";

export const workspaceStatus = defineOperation({
  id: "workspace_status",
  summary: "Show a workspace",
  description:
    "Shows a workspace: its state, seed, last command, snapshots, disk and memory use, and when it expires. Looking does not prolong its life.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: workspaceIdOnly,
  output: workspaceRecord,
  cli: {
    words: ["workspace", "status"],
    positionals: ["workspace_id"],
    examples: ["pyro workspace status fix-parser"],
  },
});
