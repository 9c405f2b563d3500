// What lies in the environment cache.

import { readdir } from "node:fs/promises";
import { isSystemError } from "../contract/errors.js";

/** The names in the cache, sorted; none when there is no cache yet. */
export async function listCache(cacheDir: string): Promise<string[]> {
  try {
    return (await readdir(cacheDir)).sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
