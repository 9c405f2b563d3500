// What a server that is started here would start workspaces from. The daemon cannot tell: it stands elsewhere.

import type { ServeOptions } from "../contract/serve-options.js";
import { describeProjectSource } from "../mcp/project-source/describe-project-source.js";
import { readSurroundings } from "../mcp/project-source/read-surroundings.js";
import type { ResultOf } from "../operations/registry.js";

/** As `doctor --json` shows it. */
export type ProjectSourceFacts = NonNullable<ResultOf<"doctor">["project_source"]>;

export async function findProjectSource(options: ServeOptions): Promise<ProjectSourceFacts> {
  const { kind, description, problem } = await describeProjectSource(options, readSurroundings());
  if (!problem) return { kind, description, problem: null };
  const { code, message, hint } = problem;
  return { kind, description, problem: { code, message, hint } };
}
