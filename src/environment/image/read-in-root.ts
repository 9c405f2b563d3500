// The text of a file in the tree of an image, where a stranger may have put anything in its place.

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { ifReadable } from "./if-readable.js";
import { resolveInRoot } from "./resolve-in-root.js";

/** Undefined when there is no regular file of at most `maxBytes` at `guestPath`. Nobody may change the tree meanwhile. */
export async function readInRoot(
  rootfsDir: string,
  guestPath: string,
  maxBytes: number,
): Promise<string | undefined> {
  return ifReadable(async () => {
    const file = await resolveInRoot(rootfsDir, guestPath);
    // A pipe that nobody writes to would be waited for.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = await handle.stat();
    if (!status.isFile() || status.size > maxBytes) return undefined;
    return await handle.readFile("utf8");
  });
}
