// From where workspaces start to what `workspace_create` is given: a path of this host.

import { stat } from "node:fs/promises";
import { PyroError, isSystemError } from "../../contract/errors.js";
import type { OnEvent } from "../../contract/events.js";
import type { ProjectSource } from "./project-source.js";
import type { RepositoryClones } from "./repository-clones.js";
import { rootToPath } from "./root-path.js";

export interface ResolveOptions {
  readonly clones: RepositoryClones;
  /** Asks the client: URIs; undefined when it cannot say. */
  readonly readRoots: () => Promise<readonly string[] | undefined>;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
}

/** Undefined: start empty. Throws what is wrong with the project, and the flag that cures it. */
export async function resolveProject(
  source: ProjectSource,
  options: ResolveOptions,
): Promise<string | undefined> {
  switch (source.kind) {
    case "none":
      return undefined;
    case "path":
      await checkExists(source.path, source.namedBy);
      return source.path;
    case "repository":
      return options.clones.ensure(source, options);
    case "client": {
      const [root] = (await options.readRoots()) ?? [];
      if (root === undefined) return undefined;
      const path = rootToPath(root);
      await checkExists(path, "the client");
      return path;
    }
  }
}

async function checkExists(path: string, namedBy: string): Promise<void> {
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
