// The hosts that there are.

import type { AgentHost, HostId } from "./agent-host.js";
import { claudeCode } from "./claude-code.js";
import { codex } from "./codex.js";
import { opencode } from "./opencode.js";

export const HOSTS: Readonly<Record<HostId, AgentHost>> = {
  "claude-code": claudeCode,
  codex,
  opencode,
};
