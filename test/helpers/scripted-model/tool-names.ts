// A server's tools under the names that clients give them.

import type { Conversation, OfferedTool, Reply, WireReply } from "./conversation.js";

/** Claude Code holds tools of servers back: the model finds them by this tool of its own. */
export const TOOL_SEARCH = "ToolSearch";

const MCP_TOOL = /^(?:mcp__)?pyro_{1,2}(.+)$/;

/** The server's own name of a tool; undefined when it is none of our server's. */
export function plainName({ name, namespace }: Pick<OfferedTool, "name" | "namespace">): string | undefined {
  const inGroup = namespace === undefined ? name : `${namespace.replace(/_+$/, "")}__${name}`;
  return MCP_TOOL.exec(inGroup)?.[1];
}

/** The reply in the client's names; a search for the tools that the client still holds back. */
export function toWireReply(reply: Reply, { tools, turns }: Conversation): WireReply {
  if ("text" in reply) return reply;
  const missing = reply.calls.map(({ tool }) => tool).filter((tool) => !findTool(tool, tools));
  const search = tools.find(({ name }) => name === TOOL_SEARCH);
  if (missing.length > 0 && search) {
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
  return tools.find((tool) => plainName(tool) === plain);
}
