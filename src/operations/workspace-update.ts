// `workspace update`: another name, other labels.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { labelsInput, nameInput, plainName, workspaceIdInput, workspaceRecord } from "./workspace-fields.js";

export const workspaceUpdate = defineOperation({
  id: "workspace_update",
  summary: "Change a workspace's name and labels",
  description:
    "Renames a workspace, sets and removes labels; labels that are not named stay. No change is a success.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    name: nameInput.optional().describe("New unique name"),
    clear_name: z.boolean().default(false).describe("Take the name away"),
    labels: labelsInput.default({}).describe("Labels to set, key and value"),
    clear_labels: z.array(plainName).default([]).describe("Keys of labels to remove"),
  }),
  output: workspaceRecord,
  cli: {
    words: ["workspace", "update"],
    positionals: ["workspace_id"],
    flags: { labels: "label", clear_labels: "clear-label" },
    examples: [
      "pyro workspace update ws_4k2m7q3x5t6w --name fix-parser",
      "pyro workspace update fix-parser --label state=done --clear-label issue",
    ],
  },
});
