// The text of a file in the tree of an image, where a stranger may have put anything in its place.

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { isSystemError, PyroError } from "../../contract/errors.js";
import { resolveInRoot } from "./resolve-in-root.js";

/** What a path may be instead of a file that can be read, open(2). */
const NOT_READABLE = ["ENOENT", "ENOTDIR", "EACCES", "ENAMETOOLONG", "ELOOP", "ENXIO", "ENODEV"];

/** Undefined when there is no regular file of at most `maxBytes` at `guestPath`. Nobody may change the tree meanwhile. */
export async function readInRoot(
  rootfsDir: string,
  guestPath: string,
  maxBytes: number,
): Promise<string | undefined> {
  try {
    const file = await resolveInRoot(rootfsDir, guestPath);
    // A pipe that nobody writes to would be waited for.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = await handle.stat();
    if (!status.isFile() || status.size > maxBytes) return undefined;
    return await handle.readFile("utf8");
  } catch (error) {
    if (isSystemError(error, ...NOT_READABLE)) return undefined;
    if (error instanceof PyroError && error.code === "image_invalid") return undefined;
    throw error;
  }
}
