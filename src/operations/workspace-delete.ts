// `workspace delete`: the workspace and everything of it.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { workspaceIdOnly } from "./workspace-fields.js";

export const workspaceDelete = defineOperation({
  id: "workspace_delete",
  summary: "Delete a workspace",
  description:
    "Deletes a workspace with its files, snapshots and logs, in any state; what runs in it is ended. Export first what is to stay.",
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  input: workspaceIdOnly,
  output: z.object({
    workspace_id: z.string(),
    deleted: z.boolean(),
    reason: z.string().describe("`explicit_delete`"),
  }),
  cli: {
    words: ["workspace", "delete"],
    positionals: ["workspace_id"],
    examples: ["pyro workspace delete fix-parser"],
  },
});
