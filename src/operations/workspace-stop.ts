// `workspace stop`: the guest goes, what it wrote stays.

import { defineOperation } from "./operation.js";
import { workspaceIdOnly, workspaceRecord } from "./workspace-fields.js";

export const workspaceStop = defineOperation({
  id: "workspace_stop",
  summary: "Stop a workspace and keep its files",
  description:
    "Ends the guest and what runs in it; files, installed packages, snapshots and logs are kept. Stopping a stopped one is a success.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: workspaceIdOnly,
  output: workspaceRecord,
  cli: {
    words: ["workspace", "stop"],
    positionals: ["workspace_id"],
    examples: ["pyro workspace stop fix-parser"],
  },
});
