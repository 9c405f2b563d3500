// Looking for something in the tree of an image that may be there.

import { isSystemError, PyroError } from "../../contract/errors.js";

/** What a path may be instead of what is looked for, open(2). */
const NOT_READABLE = ["ENOENT", "ENOTDIR", "EACCES", "ENAMETOOLONG", "ELOOP", "ENXIO", "ENODEV"];

/** What `look` finds; undefined when its path leads nowhere. */
export async function ifReadable<Found>(look: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isSystemError(error, ...NOT_READABLE)) return undefined;
    if (error instanceof PyroError && error.code === "image_invalid") return undefined;
    throw error;
  }
}
