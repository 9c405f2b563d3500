// `workspace summary`: what has happened in a workspace, in short.

import { z } from "zod";
import { networkView } from "./network-log.js";
import { defineOperation } from "./operation.js";
import {
  changeEntry,
  changeSummary,
  commandRecord,
  snapshotRecord,
  workspaceIdOnly,
} from "./workspace-fields.js";

export const workspaceSummary = defineOperation({
  id: "workspace_summary",
  summary: "Show what has happened in a workspace",
  description:
    "Sums up a workspace since its last reset: commands, edits, changed files, exports, snapshots " +
    "and connections, and as `text` a few lines for a report.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: workspaceIdOnly,
  output: z.object({
    workspace_id: z.string(),
    since: z.number().describe("The last reset, else the creation: Unix time, seconds"),
    commands: z.object({
      total: z.int(),
      failed: z.int(),
      last: z.array(commandRecord).describe("The latest ones, oldest first"),
    }),
    edits: z.object({ files_written: z.int(), patches_applied: z.int(), syncs: z.int() }),
    changes: z
      .object({ summary: changeSummary, entries: z.array(changeEntry), truncated: z.boolean() })
      .nullable()
      .describe("Against the baseline; null when no guest runs that could be asked"),
    exports: z.array(
      z.object({ workspace_path: z.string(), output_path: z.string(), exported_at: z.number() }),
    ),
    snapshots: z.array(snapshotRecord),
    services: z.array(z.object({ service_name: z.string(), state: z.string() })),
    network: networkView.nullable().describe("What was connected to; null without a network"),
    text: z.string().describe("The same in a few lines"),
  }),
  cli: {
    words: ["workspace", "summary"],
    positionals: ["workspace_id"],
    examples: ["pyro workspace summary fix-parser"],
  },
});
