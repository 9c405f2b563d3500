// `workspace disk export`: the disk of a stopped workspace as an image on the host.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { hostPath, workspaceIdInput } from "./workspace-fields.js";

export const workspaceDiskExport = defineOperation({
  id: "workspace_disk_export",
  summary: "Export the disk of a stopped workspace as an ext4 image",
  description:
    "Writes the whole file system of a stopped workspace to the host as a raw ext4 image that can be mounted, read-only: " +
    "environment, packages, /workspace, with owners, modes and links. The workspace stays stopped; nothing on the host is replaced. " +
    "Secrets are not on the disk, but what commands have written there is, unredacted.",
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    output_path: hostPath.describe("Where the image goes on the host; its parent directory must exist"),
  }),
  output: z.object({
    workspace_id: z.string(),
    output_path: z.string(),
    disk_format: z.enum(["ext4"]),
    size_bytes: z.number().describe("Of the image, holes included"),
    bytes_written: z.number().describe("What it takes on the host's disk: blocks of zeros are holes"),
  }),
  hostPaths: ["output_path"],
  cli: {
    words: ["workspace", "disk", "export"],
    positionals: ["workspace_id"],
    flags: { output_path: "output" },
    examples: [
      "pyro workspace disk export fix-parser --output ./disk.ext4",
      "pyro workspace disk export fix-parser --output /tmp/disk.ext4 --json",
    ],
  },
});
