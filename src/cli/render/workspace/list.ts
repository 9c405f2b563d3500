// `workspace list`: one line for each.

import type { ResultOf } from "../../../operations/registry.js";
import { statusLine } from "../lines.js";
import type { Rendering } from "../rendering.js";
import { formatTime } from "../sizes.js";
import { formatLabels } from "./record.js";

export function renderWorkspaceList({ workspaces }: ResultOf<"workspace_list">): Rendering {
  if (workspaces.length === 0) return { stdout: "No workspaces.\n" };
  const lines = workspaces.map((each) =>
    statusLine("workspace", {
      workspace_id: each.workspace_id,
      name: each.name,
      state: each.state,
      environment: each.environment,
      labels: formatLabels(each.labels),
      commands: each.command_count,
      disk_bytes: each.disk_bytes,
      last_activity: formatTime(each.last_activity_at),
      expires: formatTime(each.expires_at),
      problem: each.problem,
    }),
  );
  return { stdout: lines.join("") };
}
