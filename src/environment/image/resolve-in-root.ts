// Paths in the tree of an image, whose links are a stranger's: an absolute one begins at the tree's own root.

import { readlink } from "node:fs/promises";
import path from "node:path";
import { isSystemError, PyroError } from "../../contract/errors.js";

/** As many as the kernel follows, path_resolution(7). */
const MAX_LINKS = 40;

/**
 * The host's path of `guestPath` as a guest on `rootfsDir` sees it, links followed. Nobody may change the tree
 * meanwhile. Throws image_invalid when there are too many links.
 */
export async function resolveInRoot(rootfsDir: string, guestPath: string): Promise<string> {
  const pending = guestPath.split("/").reverse();
  let resolved: string[] = [];
  let linkCount = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      resolved = resolved.slice(0, -1);
      continue;
    }
    const target = await findTarget(path.join(rootfsDir, ...resolved, name));
    if (target === undefined) {
      resolved.push(name);
      continue;
    }
    if (++linkCount > MAX_LINKS)
      throw new PyroError("image_invalid", `${guestPath} of the image has too many links`);
    if (target.startsWith("/")) resolved = [];
    pending.push(...target.split("/").reverse());
  }
  return path.join(rootfsDir, ...resolved);
}

/** Where a link leads; undefined for anything else, or nothing. */
async function findTarget(file: string): Promise<string | undefined> {
  try {
    return await readlink(file);
  } catch (error) {
    if (isSystemError(error, "EINVAL", "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
