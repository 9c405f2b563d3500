// What a workspace takes on the host's disk.

import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { LayerStore } from "../machine/layers/layer-store.js";
import type { Workspace } from "./workspace.js";
import { layersOf } from "./workspace-record.js";
import type { WorkspaceStore } from "./workspace-store.js";

/** st_blocks counts these: stat(2). */
const BLOCK_BYTES = 512;

/** Bytes: what its guest has written, its layers, its logs. Its seed and environment are shared, and not in it. */
export async function measureDisk(
  { layers, store }: { readonly layers: LayerStore; readonly store: WorkspaceStore },
  { id, record, guest }: Workspace,
): Promise<number> {
  const sizes = await Promise.all([
    guest?.machine.diskBytes() ?? 0,
    measureTree(store.directoryOf(id)),
    ...[...new Set(layersOf(record))].map((layer) => layers.sizeBytes(layer)),
  ]);
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function measureTree(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) return measureTree(file);
      // Gone meanwhile, with a reset: nothing is taken any more.
      return stat(file).then(
        ({ blocks }) => blocks * BLOCK_BYTES,
        () => 0,
      );
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
