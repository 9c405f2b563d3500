// What a client's model has to read before its first call: the size of `tools/list`.

import { SERVE_MODES, SERVE_PROFILES, type ServeOptions } from "../../src/contract/serve-options.js";
import { findOffer } from "../../src/mcp/offers/find-offer.js";
import { listTools } from "../../src/mcp/tools/list-tools.js";
import type { DeveloperScenario } from "../context.js";

const PROFILE_GOALS_KB = { "vm-run": undefined, "workspace-core": 24, "workspace-full": 60 } as const;
const MODE_GOAL_KB = 20;

export const MCP_LIST_SCENARIOS: readonly DeveloperScenario[] = [
  ...SERVE_PROFILES.map((profile) => listSize(profile, { profile }, PROFILE_GOALS_KB[profile])),
  ...SERVE_MODES.map((mode) => listSize(mode, { mode }, MODE_GOAL_KB)),
];

function listSize(name: string, options: ServeOptions, goal: number | undefined): DeveloperScenario {
  return {
    name: `mcp-list-${name}`,
    title: `tools/list of ${name}, a thousand bytes each`,
    unit: "KB",
    goal,
    runs: 1,
    run: () => Promise.resolve([countBytes(options) / 1000]),
  };
}

function countBytes(options: ServeOptions): number {
  const offered = listTools(findOffer(options), options, { kind: "client" });
  return Buffer.byteLength(JSON.stringify({ tools: offered.map(({ definition }) => definition) }));
}
