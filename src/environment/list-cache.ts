// What lies in the environment cache.

import { readNames } from "../platform/read-names.js";

/** The names in the cache, sorted; none when there is no cache yet. */
export async function listCache(cacheDir: string): Promise<string[]> {
  return (await readNames(cacheDir)).sort();
}
