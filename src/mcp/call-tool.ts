// One call of a tool: judge its arguments, add what the server knows, call the operation, fit the result.

import { toPyroError } from "../contract/errors.js";
import type { OnEvent } from "../contract/events.js";
import { checkArguments } from "./check-arguments.js";
import { toJsonObject, type JsonObject } from "./json.js";
import { resolveProject } from "./project-source/resolve-project.js";
import { toFailure } from "./results/failure.js";
import { fitResult } from "./results/fit-result.js";
import type { Serving } from "./serving.js";
import type { OfferedTool } from "./tools/offered-tool.js";

type Input = Readonly<Record<string, unknown>>;

export interface ToolCall {
  readonly tool: OfferedTool;
  readonly input: Input;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** Asks the client what it works on: URIs; undefined when it cannot say. */
  readonly readRoots: () => Promise<readonly string[] | undefined>;
}

/** A type, not an interface: only that is assignable to the open objects of the protocol. */
export type ToolAnswer = {
  readonly content: { readonly type: "text"; readonly text: string }[];
  readonly structuredContent: JsonObject;
  readonly isError?: true;
};

/** Never rejects: what goes wrong is the answer. */
export async function callTool(serving: Serving, call: ToolCall): Promise<ToolAnswer> {
  try {
    const { name } = call.tool.definition;
    checkArguments(call.tool, call.input);
    const input = await complete(serving, call);
    const { signal, onEvent } = call;
    const result = await serving.client.invokeUnparsed(name, input, { signal, onEvent });
    const { text, structured } = fitResult(name, { input, result: toJsonObject(result) });
    return { content: [{ type: "text", text }], structuredContent: structured };
  } catch (thrown) {
    const { text, structured } = toFailure(toPyroError(thrown), serving.tools);
    return { content: [{ type: "text", text }], structuredContent: structured, isError: true };
  }
}

/** Whether the call starts a workspace from whatever project the server finds. */
export function needsProject(tool: OfferedTool, input: Input): boolean {
  return tool.definition.name === "workspace_create" && input["seed_path"] === undefined;
}

async function complete(serving: Serving, call: ToolCall): Promise<Input> {
  const { environment, source, clones } = serving;
  const takesEnvironment = "environment" in call.tool.definition.inputSchema.properties;
  const input = takesEnvironment && environment !== undefined ? { environment, ...call.input } : call.input;
  if (!needsProject(call.tool, input)) return input;
  const seedPath = await resolveProject(source, { ...call, clones });
  return seedPath === undefined ? input : { ...input, seed_path: seedPath };
}
