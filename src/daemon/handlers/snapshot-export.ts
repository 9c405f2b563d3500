// snapshot_export: a workspace's state as an image.

import { isImageOutput } from "../../contract/image-reference.js";
import { describeWaiting } from "../../environment/image/helper-events.js";
import { makeImage } from "../../environment/image/make-image.js";
import { exportChanges } from "../../workspace/export-changes.js";
import type { Handler } from "../handler.js";
import { untoldRecovery } from "./workspace-record.js";

export const exportSnapshot: Handler<"snapshot_export"> = async (services, input, context) => {
  const { workspaces, workspaceParts, environments, settings } = services;
  const { signal, onEvent } = context;
  const { snapshot_name: snapshotName, output } = input;
  const workspace = workspaces.get(input.workspace_id);
  const isImage = isImageOutput(output);
  const { scratchDir } = workspaceParts;
  const made = await exportChanges(workspaceParts, { workspace, snapshotName, scratchDir, signal }, (tar) =>
    makeImage({
      cacheDir: environments.cacheDir,
      rootfsDir: workspace.record.environment.rootfsDir,
      changesTar: tar,
      output: isImage ? { reference: output } : { directory: output },
      insecureHosts: settings.insecureRegistries,
      signal,
      onProgress: ({ phase, done_bytes: current, total_bytes: total }) =>
        void onEvent({
          type: "progress",
          tag: "workspace-snapshot",
          fields: { phase },
          done: { current, total, unit: "bytes" },
        }),
      onWaiting: (waiting) =>
        void onEvent({ type: "progress", tag: "workspace-snapshot", fields: describeWaiting(waiting) }),
    }),
  );
  return {
    workspace_id: workspace.id,
    snapshot_name: snapshotName,
    output,
    kind: isImage ? "registry" : "layout",
    digest: made.digest,
    layers: made.layers.map(({ digest }) => digest),
    size_bytes: made.size_bytes,
    ...untoldRecovery(workspace),
  };
};
