// Paths of the caller's host: the daemon has another working directory, so they leave here absolute.

import path from "node:path";
import { PyroError } from "../contract/errors.js";
import {
  isLayoutReference,
  isMistakenImageOutput,
  parseImageOutput,
  resolveLayoutReference,
} from "../contract/image-reference.js";
import { refuseCredentials } from "../contract/refuse-credentials.js";
import type { Operation } from "../operations/operation.js";
import { OPERATIONS, type OperationId } from "../operations/registry.js";

/**
 * `input` with the operation's host paths made absolute; what is no path is left for the schema to judge. Throws
 * `invalid_input` for what is meant as an image and is none: it would become a directory of that name.
 */
export function resolveHostPaths(id: OperationId, input: unknown): unknown {
  const { hostPaths = [], imagesOrPaths = [] }: Operation = OPERATIONS[id];
  const absolute = hostPaths.reduce<unknown>((all, field) => resolveField(all, field.split(".")), input);
  const resolved = imagesOrPaths.reduce<unknown>(
    (all, field) => resolveOutput(all, field, valueOf(all, field)),
    absolute,
  );
  return resolveEnvironment(resolved);
}

/** An environment may be an image in a directory. */
function resolveEnvironment(input: unknown): unknown {
  const environment = valueOf(input, "environment");
  if (typeof input !== "object" || !isLayoutReference(environment)) return input;
  return { ...input, environment: resolveLayoutReference(environment, (place) => path.resolve(place)) };
}

function resolveOutput(all: unknown, field: string, output: string): unknown {
  if (parseImageOutput(output)) return all;
  refuseCredentials(output);
  if (!isMistakenImageOutput(output)) return resolveField(all, [field]);
  throw new PyroError("invalid_input", `${field}: ${JSON.stringify(output)} is no image reference`, {
    hint: "Write HOST/NAME:TAG, the name in lower case; a directory is begun with ./ or /.",
  });
}

function valueOf(input: unknown, field: string): string {
  const value: unknown = typeof input === "object" && input !== null ? Reflect.get(input, field) : undefined;
  return typeof value === "string" ? value : "";
}

function resolveField(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return typeof value === "string" && value !== "" ? path.resolve(value) : value;
  if (Array.isArray(value)) return value.map((item) => resolveField(item, [key, ...rest]));
  if (typeof value !== "object" || value === null) return value;
  const fields: Record<string, unknown> = { ...value };
  return key in fields ? { ...fields, [key]: resolveField(fields[key], rest) } : fields;
}
