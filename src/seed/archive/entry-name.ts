// Names in an archive. Whoever made the archive chose them.

import { PyroError } from "../../contract/errors.js";
import { NAME_MAX_BYTES, PATH_MAX_BYTES, toReadablePath } from "../../platform/byte-path.js";

/**
 * The plain path that a name stands for: without `./`, doubled and trailing slashes; "" is the archive's root.
 * Undefined: too long to exist. Throws seed_unusable when it leads out of the archive.
 */
export function parseEntryName(name: string): string | undefined {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || parts.includes("..")) {
    throw new PyroError(
      "seed_unusable",
      `the archive has an entry that leads out of it: ${toReadablePath(name)}`,
      {
        hint: "Make the archive anew, with names relative to its top.",
      },
    );
  }
  const path = parts.join("/");
  return path.length > PATH_MAX_BYTES || parts.some((part) => part.length > NAME_MAX_BYTES)
    ? undefined
    : path;
}
