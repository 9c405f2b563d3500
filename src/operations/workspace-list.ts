// `workspace list`: which workspaces there are.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { workspaceState } from "./workspace-fields.js";

/** One workspace in a list. */
export const workspaceEntry = z.object({
  workspace_id: z.string(),
  name: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  environment: z.string(),
  state: workspaceState,
  created_at: z.number().describe("Unix time, seconds"),
  last_activity_at: z.number().describe("Unix time, seconds"),
  expires_at: z.number().describe("When it is stopped by itself; once stopped, when it is removed"),
  command_count: z.int(),
  service_count: z.int(),
  running_service_count: z.int(),
  disk_bytes: z.number().describe("On the host's disk"),
  problem: z.string().nullable().describe("Why it cannot be used; null when it can"),
});

export const workspaceList = defineOperation({
  id: "workspace_list",
  summary: "List the workspaces",
  description: "Lists all workspaces, the latest activity first: ids, names, labels and states.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({}),
  output: z.object({
    count: z.int(),
    workspaces: z.array(workspaceEntry),
  }),
  cli: { words: ["workspace", "list"], examples: ["pyro workspace list", "pyro workspace list --json"] },
});
