// Failures of the host's file system that takes an export, in the product's own words.

import { isSystemError, PyroError } from "../../contract/errors.js";

/** Translates a system error met while writing to `given`; anything else is returned as it is. */
export function toOutputError(error: unknown, given: string): unknown {
  if (error instanceof PyroError || !(error instanceof Error) || !("syscall" in error)) return error;
  if (isSystemError(error, "ENOSPC", "EDQUOT")) {
    return new PyroError("out_of_disk", `no space left for ${given}`, {
      hint: "Free disk space there, or give another output path.",
      cause: error,
    });
  }
  if (isSystemError(error, "ENAMETOOLONG", "EINVAL", "ELOOP", "ENOTDIR")) {
    return new PyroError("invalid_input", `${given} cannot be a path on this host`, { cause: error });
  }
  const code = "code" in error ? String(error.code) : error.message;
  return new PyroError("storage_unavailable", `cannot write ${given}: ${code}`, { cause: error });
}
