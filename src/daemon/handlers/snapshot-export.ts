// snapshot_export: a workspace's state as an image.

import { PyroError } from "../../contract/errors.js";
import { formatImageReference, parseImageOutput } from "../../contract/image-reference.js";
import type { OnEvent } from "../../contract/events.js";
import { describeWaiting } from "../../environment/image/helper-events.js";
import type { OnHelperProgress } from "../../environment/image/image-helper.js";
import { makeImage, type ImageOutput, type MadeImage } from "../../environment/image/make-image.js";
import { exportChanges } from "../../workspace/export-changes.js";
import { exportLayout } from "../../workspace/export/export-layout.js";
import type { Handler } from "../handler.js";
import { protectedPathsOf, requireAbsolute } from "./host-output.js";
import { untoldRecovery } from "./workspace-record.js";

const TAG = "workspace-snapshot";

export const exportSnapshot: Handler<"snapshot_export"> = async (services, input, context) => {
  const { workspaces, workspaceParts, environments, settings, exports: journal } = services;
  const { signal, onEvent } = context;
  const { snapshot_name: snapshotName, output } = input;
  const workspace = workspaces.get(input.workspace_id);
  const image = parseImageOutput(output);
  if (image?.digest !== undefined) {
    throw new PyroError("invalid_input", "output: a digest is what an image gets, not what it is called by", {
      hint: "Write HOST/NAME:TAG; the result has the digest.",
    });
  }
  if (!image) requireAbsolute("output", output);
  const { scratchDir } = workspaceParts;
  const make = async (to: ImageOutput): Promise<MadeImage> => {
    await onEvent({ type: "progress", tag: TAG, fields: { phase: "collect" } });
    return exportChanges(workspaceParts, { workspace, snapshotName, scratchDir, signal }, (changes) =>
      makeImage({
        cacheDir: environments.cacheDir,
        rootfsDir: workspace.record.environment.rootfsDir,
        changes,
        output: to,
        insecureHosts: settings.insecureRegistries,
        signal,
        onProgress: tellPhases(onEvent),
        onWaiting: (waiting) =>
          void onEvent({ type: "progress", tag: TAG, fields: describeWaiting(waiting) }),
      }),
    );
  };
  const place = { outputPath: output, protectedPaths: protectedPathsOf(services), journal, signal };
  const made = image
    ? await make({ reference: output })
    : await exportLayout(place, (directory) => make({ directory }));
  return {
    workspace_id: workspace.id,
    snapshot_name: snapshotName,
    output,
    kind: image ? "registry" : "layout",
    digest: made.digest,
    ...(image && { reference: formatImageReference({ ...image, digest: made.digest }) }),
    layers: made.layers.map(({ digest }) => digest),
    size_bytes: made.size_bytes,
    ...untoldRecovery(workspace),
  };
};

/** A line for each phase, and a bar for what is in between. */
function tellPhases(onEvent: OnEvent): OnHelperProgress {
  return ({ phase, done_bytes: current, total_bytes: total }, isNewPhase) => {
    const fields = { phase };
    if (isNewPhase) void onEvent({ type: "progress", tag: TAG, fields });
    const done = { current, total: total === 0 ? undefined : total, unit: "bytes" };
    void onEvent({ type: "progress", tag: TAG, fields, done });
  };
}
