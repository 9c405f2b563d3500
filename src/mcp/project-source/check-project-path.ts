// Whether a project is where somebody said.

import { stat } from "node:fs/promises";
import { isSystemError, PyroError } from "../../contract/errors.js";

/** Throws `seed_unusable` with the flag that cures it; `namedBy` is whoever said so. */
export async function checkProjectPath(path: string, namedBy: string): Promise<void> {
  try {
    await stat(path);
  } catch (error) {
    const why = isSystemError(error, "ENOENT", "ENOTDIR") ? "it is not there" : "it cannot be read";
    throw new PyroError("seed_unusable", `the project ${path}, named by ${namedBy}, cannot be used: ${why}`, {
      hint: "Give `seed_path`; or tell the user to start the server with --project-path and the project's directory, or with --no-project-source.",
      cause: error,
    });
  }
}
