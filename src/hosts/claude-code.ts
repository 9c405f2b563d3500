// Claude Code: entries are read, added and removed by `claude mcp`, in one of three scopes.

import { parseClaudeEntry } from "./claude-entry.js";
import { describeHostFailure, runHostProgram, runHostProgramOrThrow } from "./host-program.js";
import type { AgentHost } from "./agent-host.js";
import { SERVER_NAME } from "./server-command.js";

export const CLAUDE_SCOPES = ["user", "local", "project"] as const;

const NO_ENTRY = `No MCP server named "${SERVER_NAME}"`;

export const claudeCode: AgentHost = {
  id: "claude-code",
  title: "Claude Code",
  programName: "claude",

  async readEntry(program, context) {
    const args = ["mcp", "get", SERVER_NAME];
    const result = await runHostProgram(program, args, context);
    if (`${result.stdout}${result.stderr}`.includes(NO_ENTRY)) return undefined;
    const entry = parseClaudeEntry(result.stdout);
    if (!entry) throw describeHostFailure(claudeCode, args, result);
    return entry;
  },

  async writeEntry(program, command, context, { place, found }) {
    if (found)
      await runHostProgramOrThrow(
        claudeCode,
        program,
        ["mcp", "remove", SERVER_NAME, "--scope", found.location],
        context,
      );
    const scope = place.scope ?? found?.location ?? "user";
    const variables = Object.entries(command.env).map(([name, value]) => `--env=${name}=${value}`);
    const words = [command.command, ...command.args];
    await runHostProgramOrThrow(
      claudeCode,
      program,
      ["mcp", "add", "--scope", scope, SERVER_NAME, ...variables, "--", ...words],
      context,
    );
    return [];
  },
};
