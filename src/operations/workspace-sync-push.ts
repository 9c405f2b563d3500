// `workspace sync push`: files of the host into a workspace, later than its seed.

import { z } from "zod";
import { executionMode } from "../contract/fields.js";
import { WORKSPACE_PATH } from "../contract/limits.js";
import { defineOperation } from "./operation.js";
import { guestPath, hostPath, recovery, skippedPaths, workspaceIdInput } from "./workspace-fields.js";

export const workspaceSyncPush = defineOperation({
  id: "workspace_sync_push",
  summary: "Copy files of the host into a workspace",
  description:
    "Copies a directory or tar of the host into a workspace, sending only what differs; other files there stay. " +
    "When it fails, the workspace is as it was. The baseline of workspace_diff does not change.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    source_path: hostPath.describe("Directory, .tar, .tar.gz or .tgz on the host"),
    dest: guestPath.default(WORKSPACE_PATH).describe("Directory below /workspace; it is made when missing"),
  }),
  output: z.object({
    workspace_id: z.string(),
    execution_mode: executionMode,
    workspace_sync: z.object({
      mode: z.enum(["directory", "tar_archive"]),
      source_path: z.string(),
      destination: z.string(),
      entry_count: z.int().describe("Files, directories and links of the source"),
      bytes_written: z.number(),
      unchanged_count: z.int().describe("Entries that were there already, and the same"),
      ...skippedPaths,
    }),
    recovery: recovery.optional(),
  }),
  hostPaths: ["source_path"],
  cli: {
    words: ["workspace", "sync", "push"],
    positionals: ["workspace_id", "source_path"],
    examples: [
      "pyro workspace sync push fix-parser .",
      "pyro workspace sync push fix-parser ./data --dest /workspace/data",
    ],
  },
});
