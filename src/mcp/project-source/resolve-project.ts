// From where workspaces start to what `workspace_create` is given: a path of this host.

import type { OnEvent } from "../../contract/events.js";
import { checkProjectPath } from "./check-project-path.js";
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
      await checkProjectPath(source.path, source.namedBy);
      return source.path;
    case "repository":
      return options.clones.ensure(source, options);
    case "client": {
      const [root] = (await options.readRoots()) ?? [];
      if (root === undefined) return undefined;
      const path = rootToPath(root);
      await checkProjectPath(path, "the client");
      return path;
    }
  }
}
