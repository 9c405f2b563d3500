// A capture of a workspace's guest: the layer, and what a start from it begins with.

import type { Guest } from "../fleet/guest-registry.js";
import type { LayerStore, StoredLayer } from "../machine/layers/layer-store.js";
import type { History } from "./history.js";
import type { WorkspaceRecord } from "./workspace-record.js";

/** To be disposed of when the record names the layer. */
export interface Captured extends Disposable {
  readonly layer: StoredLayer;
  readonly resume: WorkspaceRecord["resume"];
}

export async function captureGuest(
  layers: LayerStore,
  { lineCount }: History,
  { machine }: Guest,
  label: string,
  signal: AbortSignal,
): Promise<Captured> {
  const capturedAt = Date.now() / 1000;
  const layer = await layers.capture(machine, label, signal);
  const lease = layers.lease(layer.id);
  const resume = { layer: { kind: "captured" as const, id: layer.id }, lineCount, capturedAt };
  return { layer, resume, [Symbol.dispose]: () => lease[Symbol.dispose]() };
}
