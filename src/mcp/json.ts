// Values that JSON can say, for schemas and structured content.

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** The same value with nothing in it that JSON cannot say; members without a value are left out. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object") return toJsonObject(value);
  return null;
}

export function toJsonObject(value: object): JsonObject {
  const members: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(
    members.flatMap(([key, member]) => (member === undefined ? [] : [[key, toJson(member)] as const])),
  );
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
