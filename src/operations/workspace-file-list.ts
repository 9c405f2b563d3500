// `workspace file list`: what is in a directory of a workspace.

import { z } from "zod";
import { WORKSPACE_PATH } from "../contract/limits.js";
import { defineOperation } from "./operation.js";
import { artifactType, guestPath, recovery, workspaceIdInput } from "./workspace-fields.js";

/** A file, directory or link of a workspace. */
export const fileEntry = z.object({
  path: z.string().describe("Absolute, in the guest"),
  artifact_type: artifactType,
  size_bytes: z.number(),
  link_target: z.string().nullable(),
  mode: z.string().describe("Permissions, octal, such as `0644`"),
});

export const workspaceFileList = defineOperation({
  id: "workspace_file_list",
  summary: "List files of a workspace",
  description: "Lists a directory of a workspace, or everything below it: types, sizes, modes, link targets.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    path: guestPath.default(WORKSPACE_PATH).describe("Below /workspace, or relative to it"),
    recursive: z.boolean().default(false).describe("Everything below it too"),
  }),
  output: z.object({
    workspace_id: z.string(),
    path: z.string(),
    recursive: z.boolean(),
    entries: z.array(fileEntry),
    truncated: z.boolean().describe("There are more entries than are listed"),
    recovery: recovery.optional(),
  }),
  cli: {
    words: ["workspace", "file", "list"],
    positionals: ["workspace_id", "path"],
    examples: ["pyro workspace file list fix-parser", "pyro workspace file list fix-parser src --recursive"],
  },
});
