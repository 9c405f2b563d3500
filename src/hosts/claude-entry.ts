// What `claude mcp get` prints of a server, as data. Claude Code has no form of it for programs.

import type { HostEntry } from "./agent-host.js";

const FIELD = /^ {2}(\w+):(?: (.*))?$/;
const VARIABLE = /^ {4}(\w+)=(.*)$/;

/** Undefined when the text is no entry. */
export function parseClaudeEntry(text: string): HostEntry | undefined {
  const fields: Record<string, string> = {};
  const env: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const [, field, value = ""] = FIELD.exec(line) ?? [];
    if (field !== undefined) fields[field] = value;
    const [, variable, setting = ""] = VARIABLE.exec(line) ?? [];
    if (variable !== undefined) env[variable] = setting;
  }
  const { Scope: scope, Command: command, Args: args, URL: url, Status: status, Issue: issue } = fields;
  if (scope === undefined) return undefined;
  return {
    // "User config (available in all your projects)"
    location: (scope.split(" ")[0] ?? scope).toLowerCase(),
    command,
    argumentLine: args ?? url ?? "",
    env,
    enabled: true,
    ...(status !== undefined && { status: issue === undefined ? status : `${status} (${issue})` }),
  };
}
