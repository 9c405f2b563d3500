// Entries that the host's file system cannot take, although it takes others.

import { isSystemError } from "../../contract/errors.js";

/** Why, in words. Throws a failure that is about more than the one entry. */
export function whyUnstorable(error: unknown): string {
  if (isSystemError(error, "ENAMETOOLONG")) return "its name or path is too long for this host";
  if (isSystemError(error, "EFBIG")) return "it is too large for the file system of the output";
  if (isSystemError(error, "EINVAL", "EILSEQ")) return "the file system of the output cannot hold its name";
  // Also on file systems that do not tell upper from lower case.
  if (isSystemError(error, "EEXIST")) return "something of its name is there already";
  throw error;
}
