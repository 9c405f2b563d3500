// Directories with their parents. Node's own recursive mkdir never returns for a path in /proc.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";

/** Makes `directory` (absolute) and the parents it lacks, with this mode; one that exists stays as it is. */
export async function makeDirectories(directory: string, mode: number): Promise<void> {
  try {
    await mkdir(directory, { mode });
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return;
    const parent = path.dirname(directory);
    if (!isSystemError(error, "ENOENT") || parent === directory) throw error;
    await makeDirectories(parent, mode);
    // Made by someone else in between is as good; missing again means that nothing can be made here.
    await mkdir(directory, { mode }).catch((second: unknown) => {
      if (!isSystemError(second, "EEXIST")) throw second;
    });
  }
}
