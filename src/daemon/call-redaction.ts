// Takes the secrets of a workspace out of what a call on it answers, fails with, and leaves in the log.

import { z } from "zod";
import { toPyroError, type PyroError } from "../contract/errors.js";
import { Redactor } from "../workspace/secrets/redactor.js";
import { WorkspaceSecrets } from "../workspace/secrets/workspace-secrets.js";
import type { Services } from "./services.js";

const AboutWorkspace = z.looseObject({ workspace_id: z.string() });
const WithSecrets = z.looseObject({
  secrets: z.array(z.looseObject({ name: z.string(), value: z.string() }).catch({ name: "", value: "" })),
});

const IDLE = new Redactor([]);

/** Of the workspace that the input names; of the values that it brings along. */
export function redactorFor({ workspaces }: Services, input: unknown): Redactor {
  const about = AboutWorkspace.safeParse(input);
  if (about.success) return workspaces.find(about.data.workspace_id)?.secrets.redactor ?? IDLE;
  const bringing = WithSecrets.safeParse(input);
  if (!bringing.success) return IDLE;
  const secrets = bringing.data.secrets.map(({ name, value }) => ({
    name,
    sourceKind: "literal" as const,
    value: Buffer.from(value),
  }));
  return new WorkspaceSecrets(secrets).redactor;
}

/** The same failure; an unknown one is translated. */
export function redactFailure(redactor: Redactor, thrown: unknown): PyroError {
  return redactor.error(toPyroError(thrown));
}

/** `result` with its free texts redacted. Words of ours, such as states, stay: a schema knows them from texts. */
export function redactResult<Result>(schema: z.ZodType<Result>, result: Result, redactor: Redactor): Result {
  return redactor.isIdle ? result : schema.parse(redactBy(schema, result, redactor));
}

function redactBy(schema: unknown, value: unknown, redactor: Redactor): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return redactBy(schema.unwrap(), value, redactor);
  }
  if (typeof value === "string") return schema instanceof z.ZodString ? redactor.text(value) : value;
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item) => redactBy(schema.element, item, redactor));
  }
  if (typeof value !== "object" || value === null) return value;
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, unknown>> = schema.shape;
    const fields = Object.entries(value).map(([key, item]) => [key, redactBy(shape[key], item, redactor)]);
    return Object.fromEntries(fields);
  }
  // Whatever else a schema may hold, such as a map of labels: all of its texts are free.
  return redactor.deep(value);
}
