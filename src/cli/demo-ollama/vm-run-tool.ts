// The tool vm_run as MCP clients get it, for a model that is asked without MCP. Nobody approves its calls, so it is the
// tool of the default profile, which has no argument that gives it a network.

import type { Client } from "../../client/client.js";
import { PyroError } from "../../contract/errors.js";
import type { OnEvent } from "../../contract/events.js";
import { callTool, type ToolAnswer } from "../../mcp/call-tool.js";
import { VM_RUN_WITHOUT_NETWORK } from "../../mcp/offers/vm-run.js";
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
  const serving = openServing(client, { noProjectSource: true }, nowhere);
  const tool = serving.tools.get("vm_run");
  if (!tool) throw new PyroError("internal", "the default profile has no vm_run");
  const { name, description, inputSchema } = tool.definition;
  const readRoots = () => Promise.resolve(undefined);
  return {
    definition: { type: "function", function: { name, description, parameters: inputSchema } },
    instructions: VM_RUN_WITHOUT_NETWORK,
    async call(input, signal, onEvent) {
      const answer = await callTool(serving, { tool, input, signal, onEvent, readRoots });
      signal.throwIfAborted();
      return answer;
    },
  };
}
