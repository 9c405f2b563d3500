// The arguments of a tool as JSON schema: those of the operation, without what the server withholds.

import { z } from "zod";
import type { Operation } from "../../operations/operation.js";
import { isJsonObject, toJson, type Json, type JsonObject } from "../json.js";

/** A type, not an interface: only that is assignable to the open objects of the protocol. */
export type InputSchema = {
  readonly type: "object";
  readonly properties: JsonObject;
  readonly required?: string[];
  readonly additionalProperties: false;
};

/** What a tool says otherwise than its operation. */
export interface Narrowing {
  readonly withheld: ReadonlySet<string>;
  readonly descriptions: Readonly<Record<string, string>>;
  readonly defaults: Readonly<Record<string, Json>>;
}

/**
 * The operation judges lengths and ranges of keys, and says plainly what is wrong: here they would be bytes that
 * every conversation pays for. Some clients do not know `propertyNames`.
 */
const LEFT_TO_THE_OPERATION = new Set(["minLength", "maxLength", "propertyNames"]);

export function toInputSchema(operation: Operation, narrowing: Narrowing): InputSchema {
  const schema = z.toJSONSchema(operation.input, { io: "input" });
  const properties: JsonObject = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!narrowing.withheld.has(name)) properties[name] = narrow(name, slim(toJson(property)), narrowing);
  }
  const required = (schema.required ?? []).filter((name) => name in properties);
  return {
    type: "object",
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function narrow(name: string, property: Json, { descriptions, defaults }: Narrowing): Json {
  if (!isJsonObject(property)) return property;
  const description = descriptions[name];
  const value = defaults[name];
  return {
    ...property,
    ...(description !== undefined && { description }),
    ...(value !== undefined && { default: value }),
  };
}

function slim(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(slim);
  if (!isJsonObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => !isNoise(key, value));
  return Object.fromEntries(kept.map(([key, value]) => [key, slim(value)]));
}

// zod writes the range of safe integers where none was asked for.
function isNoise(key: string, value: Json): boolean {
  return LEFT_TO_THE_OPERATION.has(key) || (key === "maximum" && value === Number.MAX_SAFE_INTEGER);
}
