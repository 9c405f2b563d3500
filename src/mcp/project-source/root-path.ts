// A root of the client's, a `file:` URI, as a path of this host.

import { fileURLToPath } from "node:url";
import { PyroError } from "../../contract/errors.js";

export function rootToPath(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw new PyroError(
      "seed_unusable",
      `the client names ${uri} as its project, which is no path of this host`,
      {
        hint: "Give `seed_path`; or tell the user to start the server with --project-path and the project's directory.",
        cause: error,
      },
    );
  }
}
