// `workspace snapshot list`: the states that a workspace can go back to.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { snapshotRecord, workspaceIdOnly } from "./workspace-fields.js";

export const snapshotList = defineOperation({
  id: "snapshot_list",
  summary: "List a workspace's snapshots",
  description: "Lists what workspace_reset can go back to: the baseline first, then the newest.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: workspaceIdOnly,
  output: z.object({ workspace_id: z.string(), count: z.int(), snapshots: z.array(snapshotRecord) }),
  cli: {
    words: ["workspace", "snapshot", "list"],
    positionals: ["workspace_id"],
    examples: ["pyro workspace snapshot list fix-parser"],
  },
});
