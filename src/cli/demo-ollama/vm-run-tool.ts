// The tool that MCP clients get with `--profile vm-run`, for a model that is asked without MCP.

import type { Client } from "../../client/client.js";
import { PyroError } from "../../contract/errors.js";
import type { OnEvent } from "../../contract/events.js";
import { callTool, type ToolAnswer } from "../../mcp/call-tool.js";
import { openServing } from "../../mcp/serving.js";
import type { ChatTool } from "./chat-messages.js";

export interface VmRunTool {
  readonly definition: ChatTool;
  /** What a model must know to use it. */
  readonly instructions: string;
  /** Rejects when `signal` has aborted; any other failure is an answer. */
  call(input: Readonly<Record<string, unknown>>, signal: AbortSignal, onEvent: OnEvent): Promise<ToolAnswer>;
}

export function openVmRunTool(client: Client): VmRunTool {
  const nowhere = { cwd: undefined, env: {} };
  const serving = openServing(client, { profile: "vm-run", noProjectSource: true }, nowhere);
  const tool = serving.tools.get("vm_run");
  if (!tool) throw new PyroError("internal", "the profile vm-run has no vm_run");
  const { name, description, inputSchema } = tool.definition;
  const readRoots = () => Promise.resolve(undefined);
  return {
    definition: { type: "function", function: { name, description, parameters: inputSchema } },
    instructions: serving.instructions,
    async call(input, signal, onEvent) {
      const answer = await callTool(serving, { tool, input, signal, onEvent, readRoots });
      signal.throwIfAborted();
      return answer;
    },
  };
}
