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
  "network_enabled",
  "command_count",
  "last_command",
  "reset_count",
  "snapshot_count",
  "expires_at",
  "last_error",
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

function outline(property: z.core.JSONSchema._JSONSchema): JsonObject {
  if (typeof property === "boolean") return {};
  const types = property.type ?? (property.anyOf ?? []).flatMap(({ type }) => type ?? []);
  return types.length > 0 ? { type: types } : {};
}
