// What a tool answers, as JSON schema: the outline of the operation's result.

import { z } from "zod";
import type { Operation } from "../../operations/operation.js";
import type { JsonObject } from "../json.js";

/**
 * Several tools answer with a workspace's whole record. Its three dozen fields in each of them would be a fifth of
 * all that a client has to read before the first call; these are the ones that a caller acts on.
 */
const RECORD_FIELDS = new Set([
  "workspace_id",
  "name",
  "labels",
  "environment",
  "state",
  "workspace_path",
  "workspace_seed",
  "workspace_reset",
  "execution_mode",
  "command_count",
  "reset_count",
  "snapshot_count",
  "expires_at",
  "recovery",
]);

/**
 * Nothing in it is required: a failure has only `error`, and there are clients that hold failures to this schema too,
 * and show their own complaint in place of the failure.
 */
export function toOutputSchema(operation: Operation): JsonObject {
  const { properties = {} } = z.toJSONSchema(operation.output);
  const isRecord = "workspace_seed" in properties;
  const declared = Object.entries(properties).filter(([name]) => !isRecord || RECORD_FIELDS.has(name));
  return {
    type: "object",
    properties: {
      ...Object.fromEntries(declared.map(([name, property]) => [name, outline(property)])),
      // What this server adds: see results/fit-result.ts and results/failure.ts.
      shortened: { type: "array" },
      error: { type: "object" },
    },
  };
}

/** What is nullable is split: clients that know one `type` for a schema drop or refuse a list of them. */
function outline(property: z.core.JSONSchema._JSONSchema): JsonObject {
  if (typeof property === "boolean") return {};
  const types = [property.type ?? (property.anyOf ?? []).flatMap(({ type }) => type ?? [])].flat();
  const [type] = types;
  if (type === undefined) return {};
  return types.length === 1 ? { type } : { anyOf: types.map((each) => ({ type: each })) };
}
