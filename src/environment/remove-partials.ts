// Clearing up after pulls that were killed.

import path from "node:path";
import { parseCacheName } from "./cache-names.js";
import { listCache } from "./list-cache.js";
import { removeFromCache } from "./remove-tree.js";

/** Removes what dead pulls of one environment left. The caller holds its lock: so none of them is alive. */
export async function removePartials(cacheDir: string, slug: string): Promise<void> {
  for (const fileName of await listCache(cacheDir)) {
    const item = parseCacheName(fileName);
    if (item?.kind === "partial" && item.slug === slug)
      await removeFromCache(cacheDir, path.join(cacheDir, fileName));
  }
}
