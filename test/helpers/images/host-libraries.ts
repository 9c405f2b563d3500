// The libraries of this host that programs load, for a tree.

import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { run } from "./make-images.js";

/** Copies what ldd(1) finds for `programs` into `directory`; the loader too. */
export async function addHostLibraries(directory: string, programs: readonly string[]): Promise<void> {
  const libraries = new Set<string>();
  for (const program of programs) {
    for (const [, library = ""] of (await run("ldd", program)).matchAll(/(\/\S+) \(0x/g))
      libraries.add(library);
  }
  await mkdir(directory, { recursive: true });
  for (const library of libraries) await copyFile(library, path.join(directory, path.basename(library)));
}
