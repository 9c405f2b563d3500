// The names in a directory of the tree of an image, where a stranger may have put anything in its place.

import { readdir } from "node:fs/promises";
import { ifReadable } from "./if-readable.js";
import { resolveInRoot } from "./resolve-in-root.js";

/** None when there is no directory at `guestPath`. Nobody may change the tree meanwhile. */
export async function listInRoot(rootfsDir: string, guestPath: string): Promise<readonly string[]> {
  const names = await ifReadable(async () => readdir(await resolveInRoot(rootfsDir, guestPath)));
  return names ?? [];
}
