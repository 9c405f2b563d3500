// What a configuration of Codex says of our server. `codex mcp get` shows a part of it only.

import { SERVER_NAME } from "./server-command.js";

/** The settings that stand directly in the server's own table, in the words of the file. */
export function readTableSettings(configToml: string): Map<string, string> {
  const [, ...rest] = configToml.split(new RegExp(`^\\[mcp_servers\\.${SERVER_NAME}\\][^\\n]*\\n`, "m"));
  const table = rest.join("").split(/^\[/m)[0] ?? "";
  const lines = table.matchAll(/^\s*(?<key>[\w-]+)\s*=\s*(?<value>.*?)\s*$/gm);
  return new Map([...lines].map(({ groups = {} }) => [groups["key"] ?? "", groups["value"] ?? ""]));
}
