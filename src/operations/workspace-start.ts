// `workspace start`: a guest again for what a stop has kept.

import { defineOperation } from "./operation.js";
import { workspaceIdOnly, workspaceRecord } from "./workspace-fields.js";

export const workspaceStart = defineOperation({
  id: "workspace_start",
  summary: "Start a stopped workspace",
  description:
    "Starts a stopped workspace with the files and packages that it had. Starting one that runs is a success.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: workspaceIdOnly,
  output: workspaceRecord,
  cli: {
    words: ["workspace", "start"],
    positionals: ["workspace_id"],
    examples: ["pyro workspace start fix-parser"],
  },
});
