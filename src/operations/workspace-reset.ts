// `workspace reset`: back to the baseline or a snapshot, in a fresh guest.

import { z } from "zod";
import { BASELINE } from "../contract/limits.js";
import { defineOperation } from "./operation.js";
import { plainName, workspaceIdInput, workspaceRecord } from "./workspace-fields.js";

export const workspaceReset = defineOperation({
  id: "workspace_reset",
  summary: "Take a workspace back to its baseline or a snapshot",
  description:
    "Gives a workspace a fresh guest whose whole file system, installed packages too, is as it was at the baseline or a snapshot. " +
    "Id, name, labels and snapshots stay; running processes and logs are gone. The normal way to try again, and a fast one.",
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    snapshot: plainName
      .default(BASELINE)
      .describe("Name of a snapshot; `baseline` is the seed as it was at create"),
  }),
  output: workspaceRecord.extend({
    workspace_reset: z.object({
      snapshot_name: z.string(),
      kind: z.enum(["baseline", "named"]),
      destination: z.string(),
      entry_count: z.int().nullable().describe("Of the seed; null for a named snapshot"),
      bytes_written: z.number(),
    }),
  }),
  cli: {
    words: ["workspace", "reset"],
    positionals: ["workspace_id"],
    examples: [
      "pyro workspace reset fix-parser",
      "pyro workspace reset fix-parser --snapshot deps-installed",
    ],
  },
});
