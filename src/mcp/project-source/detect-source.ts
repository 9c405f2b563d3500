// Finds out where workspaces start from: the server's flags, the checkout it was started in, the host's own word.
// Looks at the file system, runs nothing, and finds nothing wrong: that is for the call that needs the project.

import path from "node:path";
import type { ServeOptions } from "../../contract/serve-options.js";
import { findCheckout } from "./find-checkout.js";
import type { ProjectSource } from "./project-source.js";

export interface Surroundings {
  /** Undefined when the working directory is gone. */
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** Claude Code tells its servers so which project it works on. Codex and OpenCode start them in the project. */
const PROJECT_VARIABLE = "CLAUDE_PROJECT_DIR";

export function detectSource(options: ServeOptions, { cwd, env }: Surroundings): ProjectSource {
  const { projectPath, repoUrl, repoRef, noProjectSource } = options;
  if (noProjectSource) return { kind: "none" };
  if (projectPath !== undefined) {
    return { kind: "path", path: path.resolve(cwd ?? "/", projectPath), namedBy: "--project-path" };
  }
  if (repoUrl !== undefined) return { kind: "repository", url: repoUrl, ref: repoRef };
  const checkout = cwd === undefined ? undefined : findCheckout(cwd);
  if (checkout !== undefined) return { kind: "path", path: checkout, namedBy: "the working directory" };
  const named = env[PROJECT_VARIABLE];
  if (named !== undefined && path.isAbsolute(named)) {
    return { kind: "path", path: path.resolve(named), namedBy: PROJECT_VARIABLE };
  }
  return { kind: "client" };
}
