// Paths of the caller's host: the daemon has another working directory, so they leave here absolute.

import path from "node:path";
import { isImageOutput } from "../contract/image-reference.js";
import type { Operation } from "../operations/operation.js";
import { OPERATIONS, type OperationId } from "../operations/registry.js";

/** `input` with the operation's host paths made absolute; what is no path is left for the schema to judge. */
export function resolveHostPaths(id: OperationId, input: unknown): unknown {
  const { hostPaths = [], imagesOrPaths = [] }: Operation = OPERATIONS[id];
  if (hostPaths.length + imagesOrPaths.length === 0 || typeof input !== "object" || input === null)
    return input;
  const resolved = Object.entries(input).map(([name, value]: [string, unknown]) => {
    if (typeof value !== "string" || value === "") return [name, value] as const;
    const isPath = hostPaths.includes(name) || (imagesOrPaths.includes(name) && !isImageOutput(value));
    return [name, isPath ? path.resolve(value) : value] as const;
  });
  return Object.fromEntries(resolved);
}
