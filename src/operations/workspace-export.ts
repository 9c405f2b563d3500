// `workspace export`: a file or a directory out to the host.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { guestPath, hostPath, recovery, skippedPaths, workspaceIdInput } from "./workspace-fields.js";

export const workspaceExport = defineOperation({
  id: "workspace_export",
  summary: "Copy a file or directory out to the host",
  description:
    "Copies a file or a directory of a workspace to the host. A workspace changes the host by exports only. " +
    "Nothing there is replaced unless `force`; no symlink is written through, and nothing outside `output_path`.",
  effect: {
    readOnly: false,
    destructive: false,
    idempotent: false,
    openWorld: false,
    destructiveWith: ["force"],
  },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    path: guestPath.describe("File or directory below /workspace, or relative to it"),
    output_path: hostPath.describe("Where it goes on the host; its parent directory must exist"),
    force: z.boolean().default(false).describe("Replace what is at the output path"),
  }),
  output: z.object({
    workspace_id: z.string(),
    workspace_path: z.string().describe("Absolute, in the guest"),
    output_path: z.string(),
    artifact_type: z.enum(["file", "directory"]),
    entry_count: z.int().describe("Files, directories and links"),
    bytes_written: z.number(),
    ...skippedPaths,
    recovery: recovery.optional(),
  }),
  hostPaths: ["output_path"],
  cli: {
    words: ["workspace", "export"],
    positionals: ["workspace_id", "path"],
    flags: { output_path: "output" },
    examples: [
      "pyro workspace export fix-parser dist/report.html --output ./report.html",
      "pyro workspace export fix-parser /workspace/dist --output ./dist --force",
    ],
  },
});
