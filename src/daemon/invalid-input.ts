// Says in one sentence what is wrong with an input: the field, the value, the range.

import type { z } from "zod";
import { PyroError } from "../contract/errors.js";

const VALUE_MAX = 80;

export function describeInvalidInput(error: z.ZodError, input: unknown): PyroError {
  const issue = error.issues[0];
  const message = issue ? describeIssue(issue, input) : "the input is invalid";
  return new PyroError("invalid_input", message, {
    details: { issues: error.issues.map((each) => ({ path: each.path.join("."), message: each.message })) },
  });
}

function describeIssue(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code === "unrecognized_keys") return `unknown argument: ${issue.keys.join(", ")}`;
  const field = issue.path.join(".") || "input";
  const value = valueAt(input, issue.path);
  if (value === undefined) return `${field} is missing`;
  if (isSecret(issue.path)) return `${field} is not valid: ${issue.message}`;
  return `${field}: ${formatValue(value)} is not valid: ${issue.message}`;
}

// Whatever stands there may be a secret, in the wrong place as well.
function isSecret(fieldPath: readonly PropertyKey[]): boolean {
  return fieldPath[0] === "secrets" && fieldPath.at(-1) !== "name";
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function formatValue(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text;
}
