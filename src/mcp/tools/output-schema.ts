// What a tool answers, as JSON schema: the outline of the operation's result.

import { z } from "zod";
import type { Operation } from "../../operations/operation.js";
import type { JsonObject } from "../json.js";

/**
 * Several tools answer with the same record, known by one of its fields. All of its fields in each of those tools would
 * be a fifth of all that a client has to read before the first call; these are the ones that a caller acts on, and what
 * single tools add.
 */
const RECORD_FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  workspace_seed: new Set([
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
  ]),
  shell_id: new Set([
    "workspace_id",
    "shell_id",
    "state",
    "exit_code",
    "output",
    "next_cursor",
    "truncated",
    "missing_chars",
    "screen",
    "signal",
    "closed",
  ]),
  readiness: new Set([
    "workspace_id",
    "service_name",
    "state",
    "exit_code",
    "ready_at",
    "stop_reason",
    "problem",
    "published_ports",
    "log_tail",
    "stdout",
    "stderr",
    "truncated",
  ]),
};

/**
 * Nothing in it is required: a failure has only `error`, and there are clients that hold failures to this schema too,
 * and show their own complaint in place of the failure. That and `shortened` are in no tool's schema: the server's
 * instructions tell of both.
 */
export function toOutputSchema(operation: Operation): JsonObject {
  const { properties = {} } = z.toJSONSchema(operation.output);
  const record = Object.keys(RECORD_FIELDS).find((mark) => mark in properties) ?? "";
  const kept = RECORD_FIELDS[record];
  const declared = Object.entries(properties).flatMap(([name, property]) => {
    const type = (kept?.has(name) ?? true) ? typeOf(property) : undefined;
    return type === undefined ? [] : [[name, { type }] as const];
  });
  return { type: "object", properties: Object.fromEntries(declared) };
}

/**
 * What has no one type, such as what is nullable, is in no schema: clients drop or refuse a list of types, and the
 * Inspector a property that may be anything.
 */
function typeOf(property: z.core.JSONSchema._JSONSchema): string | undefined {
  return typeof property !== "boolean" && typeof property.type === "string" ? property.type : undefined;
}
