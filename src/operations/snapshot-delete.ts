// `workspace snapshot delete`: a named state that nobody needs any more.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { plainName, workspaceIdInput } from "./workspace-fields.js";

export const snapshotDelete = defineOperation({
  id: "snapshot_delete",
  summary: "Delete a snapshot",
  description: "Deletes a snapshot of a workspace; the workspace and its baseline stay.",
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    snapshot_name: plainName.describe("Name of the snapshot"),
  }),
  output: z.object({ workspace_id: z.string(), snapshot_name: z.string(), deleted: z.boolean() }),
  cli: {
    words: ["workspace", "snapshot", "delete"],
    positionals: ["workspace_id", "snapshot_name"],
    examples: ["pyro workspace snapshot delete fix-parser deps-installed"],
  },
});
