// Every server that flags can ask for, as the tests know them.

import { SERVE_MODES, SERVE_PROFILES, type ServeOptions } from "../../../src/contract/serve-options.js";
import { findOffer } from "../../../src/mcp/offers/find-offer.js";
import type { ProjectSource } from "../../../src/mcp/project-source/project-source.js";
import { listTools } from "../../../src/mcp/tools/list-tools.js";
import type { OfferedTool, ToolDefinition } from "../../../src/mcp/tools/offered-tool.js";

export const PROJECT: ProjectSource = {
  kind: "path",
  path: "/home/somebody/projects/some-project",
  namedBy: "--project-path",
};

export const EVERY_SERVER: readonly (readonly [string, ServeOptions])[] = [
  ...SERVE_PROFILES.map((profile) => [profile, { profile }] as const),
  ...SERVE_MODES.map((mode) => [mode, { mode }] as const),
];

/** The tools of a server by their names. */
export function toolsOf(options: ServeOptions): ReadonlyMap<string, OfferedTool> {
  const tools = listTools(findOffer(options), options, PROJECT);
  return new Map(tools.map((tool) => [tool.definition.name, tool]));
}

export function definitionsOf(options: ServeOptions, source = PROJECT): ToolDefinition[] {
  return listTools(findOffer(options), options, source).map(({ definition }) => definition);
}
