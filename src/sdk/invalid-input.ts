// The daemon names the fields of an input as its own schema does; the caller of the SDK knows them by other names.

import { z } from "zod";
import { ERROR_CATALOGUE, PyroError } from "../contract/errors.js";
import { camelName } from "./camel-name.js";

const Details = z.looseObject({ issues: z.array(z.object({ path: z.string(), message: z.string() })) });

const HINT = "See the documentation of the call's options for their ranges.";

/** The same error with the SDK's names for the input's fields. */
export function nameInSdk(input: z.ZodObject, error: PyroError): PyroError {
  const details = error.code === "invalid_input" ? Details.safeParse(error.details) : undefined;
  if (!details?.success) return error;
  const { issues } = details.data;
  const first = issues[0]?.path ?? "";
  const message =
    first !== "" && error.message.startsWith(first)
      ? renameField(input, first) + error.message.slice(first.length)
      : error.message;
  return new PyroError("invalid_input", message, {
    hint: error.hint === ERROR_CATALOGUE.invalid_input.hint ? HINT : error.hint,
    details: {
      ...details.data,
      issues: issues.map((issue) => ({ ...issue, path: renameField(input, issue.path) })),
    },
    cause: error.cause,
  });
}

// The first part of a path is a field of the input; what comes after it may be a key of a map, which is the user's.
function renameField(input: z.ZodObject, path: string): string {
  const [field = "", ...rest] = path.split(".");
  return [field in input.shape ? camelName(field) : field, ...rest].join(".");
}
