// `workspace snapshot create`: a named state of a workspace.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { plainName, recovery, snapshotRecord, workspaceIdInput } from "./workspace-fields.js";

export const snapshotCreate = defineOperation({
  id: "snapshot_create",
  summary: "Keep a workspace's state under a name",
  description:
    "Keeps the whole file system of a workspace, installed packages too, under a name. workspace_reset goes back to it.",
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    snapshot_name: plainName.describe("A new name; `baseline` is taken"),
  }),
  output: z.object({ workspace_id: z.string(), snapshot: snapshotRecord, recovery: recovery.optional() }),
  cli: {
    words: ["workspace", "snapshot", "create"],
    positionals: ["workspace_id", "snapshot_name"],
    examples: ["pyro workspace snapshot create fix-parser deps-installed"],
  },
});
