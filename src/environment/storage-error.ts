// Failures of the file system that holds the cache, in the product's own words.

import { isSystemError, PyroError } from "../contract/errors.js";

/** Translates a system error met while working in `directory`; anything else is returned as it is. */
export function toStorageError(error: unknown, directory: string): unknown {
  if (error instanceof PyroError || isSpawnError(error)) return error;
  if (isSystemError(error, "ENOSPC", "EDQUOT")) {
    return new PyroError("out_of_disk", `no space left for environments in ${directory}`, { cause: error });
  }
  if (isSystemError(error, "EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EEXIST", "ELOOP")) {
    return new PyroError("storage_unavailable", `cannot write to the environment cache ${directory}`, {
      hint: `Make ${directory} writable for this user, or choose another with PYRO_ENVIRONMENT_CACHE_DIR.`,
      cause: error,
    });
  }
  return error;
}

/** A program that is missing is ENOENT too, and no matter of the cache. */
function isSpawnError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && String(error.syscall).startsWith("spawn");
}
