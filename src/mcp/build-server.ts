// The MCP server of one connection: lists tools and answers calls of them.

import {
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { suggestName } from "../contract/suggest-name.js";
import { PACKAGE_VERSION } from "../platform/package-files.js";
import { callTool, needsProject } from "./call-tool.js";
import { CallProgress, type ProgressNote } from "./call-progress.js";
import { askToBringRoots, readClientRoots } from "./client-roots.js";
import type { Serving } from "./serving.js";
import type { OfferedTool } from "./tools/offered-tool.js";

/** What the server calls itself. */
const NAME = "pyro-mcp";

export function buildServer(serving: Serving): McpServer {
  const mcp = new McpServer(
    { name: NAME, version: PACKAGE_VERSION },
    { capabilities: { tools: { listChanged: false } }, instructions: serving.instructions },
  );
  const tools = [...serving.tools.values()].map(({ definition }) => definition);
  mcp.server.setRequestHandler("tools/list", () => ({ tools }));
  mcp.server.setRequestHandler("tools/call", async ({ params }, context) => {
    const tool = findTool(serving, params.name);
    const input = params.arguments ?? {};
    const asksClient = serving.source.kind === "client" && needsProject(tool, input);
    const question = asksClient ? askToBringRoots(context) : undefined;
    if (question) return question;
    using progress = new CallProgress((note) => void notify(context, note));
    return await callTool(serving, {
      tool,
      input,
      signal: context.mcpReq.signal,
      onEvent: progress.onEvent,
      readRoots: () => readClientRoots(mcp, context),
    });
  });
  return mcp;
}

function findTool({ tools }: Serving, name: string): OfferedTool {
  const tool = tools.get(name);
  if (tool) return tool;
  const nearest = suggestName(name.slice(0, 60), [...tools.keys()]);
  const suggestion = nearest ? `; did you mean ${nearest}?` : "";
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name.slice(0, 60)}${suggestion}`);
}

/** For a client that has asked for progress. One that is gone learns nothing, and its call ends by its signal. */
async function notify({ mcpReq }: ServerContext, note: ProgressNote): Promise<void> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined || mcpReq.signal.aborted) return;
  await mcpReq
    .notify({ method: "notifications/progress", params: { progressToken, ...note } })
    .catch(() => undefined);
}
