// `workspace snapshot export`: a workspace's state as an image.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { plainName, recovery, workspaceIdInput } from "./workspace-fields.js";

export const snapshotExport = defineOperation({
  id: "snapshot_export",
  summary: "Make an image of a snapshot",
  description:
    "Makes an image of a snapshot: its environment, and all that differs from it as one more layer. It goes to a new " +
    "directory (OCI layout) or is pushed to a registry, and can be an environment from there. The same snapshot becomes " +
    "the same digest each time. Secrets are in no snapshot, but what commands have written is, unredacted.",
  effect: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    snapshot_name: plainName.describe("A snapshot, or `baseline`"),
    output: z
      .string()
      .min(1)
      .max(4096)
      .describe(
        "A new directory, best begun with `./` or `/`, whose parent exists; or HOST/NAME:TAG, which is pushed",
      ),
  }),
  output: z.object({
    workspace_id: z.string(),
    snapshot_name: z.string(),
    output: z.string().describe("The directory or the reference"),
    kind: z.enum(["layout", "registry"]),
    digest: z.string().describe("Of the image's manifest: the same for the same snapshot"),
    reference: z
      .string()
      .optional()
      .describe("Of a pushed image, HOST/NAME@DIGEST: an environment that never changes"),
    layers: z.array(z.string()).describe("Digests; the last one holds the changes"),
    size_bytes: z.number().describe("Of all layers as they are stored, bytes"),
    recovery: recovery.optional(),
  }),
  imagesOrPaths: ["output"],
  cli: {
    words: ["workspace", "snapshot", "export"],
    positionals: ["workspace_id", "snapshot_name"],
    examples: [
      "pyro workspace snapshot export fix-parser deps-installed --output ./image",
      "pyro workspace snapshot export fix-parser deps-installed --output ghcr.io/org/devimage:1",
    ],
  },
});
