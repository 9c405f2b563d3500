// The names in a directory that may not be there.

import { readdir } from "node:fs/promises";
import { isSystemError } from "../contract/errors.js";

/**
 * None when there is no such directory. Any other failure is thrown: whoever keeps only what the names stand for would
 * remove everything when the host runs out of descriptors.
 */
export async function readNames(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
