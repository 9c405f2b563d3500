// A server's tools under the names that clients give them.

import type { Conversation, OfferedTool, Reply, ToolResult, WireReply } from "./conversation.js";

/** Claude Code holds tools of servers back: the model finds them by this tool of its own. */
export const TOOL_SEARCH = "ToolSearch";

/** `mcp__pyro__TOOL` in Claude Code and Codex, `pyro_TOOL` in OpenCode. */
const MCP_TOOL = /^(?:mcp__)?pyro_{1,2}(.+)$/;

/** The name with its group in it. */
export function fullName({ name, namespace }: Pick<OfferedTool, "name" | "namespace">): string {
  return namespace === undefined ? name : `${namespace}__${name}`;
}

/** Whether the client speaks to the model about our server's tools, or may do so in a moment. */
export function concernsServer({ tools }: Conversation): boolean {
  return tools.some((tool) => plainName(fullName(tool)) !== undefined || tool.name === TOOL_SEARCH);
}

/** Results of our server's tools by the server's own names, others left out. */
export function toPlainResults(results: readonly ToolResult[]): ToolResult[] {
  return results.flatMap(({ tool, text }) => {
    const plain = plainName(tool);
    return plain === undefined ? [] : [{ tool: plain, text }];
  });
}

/** The reply in the client's names; a search for the tools that the client still holds back. */
export function toWireReply(reply: Reply, { tools, turns }: Conversation): WireReply {
  if ("text" in reply) return reply;
  const missing = reply.calls.map(({ tool }) => tool).filter((tool) => !findTool(tool, tools));
  if (missing.length > 0 && tools.some(({ name }) => name === TOOL_SEARCH)) {
    const query = `select:${missing.map((tool) => `mcp__pyro__${tool}`).join(",")}`;
    return { calls: [{ id: `call_${turns}_search`, name: TOOL_SEARCH, input: { query } }] };
  }
  const calls = reply.calls.map(({ tool, input }, index) => {
    const offered = findTool(tool, tools);
    if (!offered) throw new Error(`the client offers no tool ${tool}`);
    const { name, namespace } = offered;
    return { id: `call_${turns}_${index}`, name, ...(namespace !== undefined && { namespace }), input };
  });
  return { calls };
}

function findTool(plain: string, tools: readonly OfferedTool[]): OfferedTool | undefined {
  return tools.find((tool) => plainName(fullName(tool)) === plain);
}

function plainName(full: string): string | undefined {
  return MCP_TOOL.exec(full)?.[1];
}
