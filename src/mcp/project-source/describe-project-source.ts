// What a server with these flags would start workspaces from, for those who look after it: `pyro doctor`.

import { toPyroError, type PyroError } from "../../contract/errors.js";
import type { ServeOptions } from "../../contract/serve-options.js";
import { checkProjectPath } from "./check-project-path.js";
import { nameSource } from "./describe-start.js";
import { detectSource, type Surroundings } from "./detect-source.js";
import type { ProjectSource } from "./project-source.js";
import { parseRepositoryRef, parseRepositoryUrl } from "./repository-url.js";

export interface ProjectReport {
  readonly kind: ProjectSource["kind"];
  /** A few words, such as the path and what has named it. */
  readonly description: string;
  /** Why a workspace cannot start from it; undefined when nothing is known against it. */
  readonly problem: PyroError | undefined;
}

/** Looks at this host only: whether a repository can be reached shows when it is cloned. */
export async function describeProjectSource(
  options: ServeOptions,
  surroundings: Surroundings,
): Promise<ProjectReport> {
  const source = detectSource(options, surroundings);
  const problem = await findProblem(source);
  return { kind: source.kind, description: describe(source), problem };
}

function describe(source: ProjectSource): string {
  switch (source.kind) {
    case "none":
      return "none: workspaces start empty";
    case "client":
      return "none here; workspaces start from what a coding agent says it works on";
    case "path":
      return `${nameSource(source)}, named by ${source.namedBy}`;
    case "repository":
      return nameSource(source);
  }
}

async function findProblem(source: ProjectSource): Promise<PyroError | undefined> {
  try {
    if (source.kind === "path") await checkProjectPath(source.path, source.namedBy);
    if (source.kind === "repository") {
      parseRepositoryUrl(source.url);
      if (source.ref !== undefined) parseRepositoryRef(source.ref);
    }
    return undefined;
  } catch (error) {
    return toPyroError(error);
  }
}
