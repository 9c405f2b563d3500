// One tool as a server offers it: what a client lists, and what a call of it may say.

import type { OperationId } from "../../operations/registry.js";
import type { JsonObject } from "../json.js";
import type { Annotations } from "./annotations.js";
import type { InputSchema } from "./input-schema.js";

export interface ToolDefinition {
  readonly name: OperationId;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: InputSchema;
  readonly outputSchema: JsonObject;
  readonly annotations: Annotations;
  /** For single clients, by names of their own. */
  readonly _meta: Readonly<Record<string, boolean>>;
}

export interface OfferedTool {
  readonly definition: ToolDefinition;
  /** Arguments that the operation has and this tool has not: name → why, in plain words. */
  readonly withheld: ReadonlyMap<string, string>;
}
