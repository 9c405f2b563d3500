// Input and result fields about secrets, shared by what creates a workspace and what runs something in it.

import { z } from "zod";
import { SECRET_MAX_BYTES, SECRET_NAME, SECRETS_MAX, SECRETS_PATH } from "../contract/limits.js";
import { hostPath } from "./workspace-fields.js";

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,255}$/;

const secretName = z.string().regex(SECRET_NAME, "1 to 64 letters, digits or `_` are needed, no digit first");

const secretInput = z
  .strictObject({
    name: secretName.describe(`File name in ${SECRETS_PATH}`),
    value: z
      .string()
      .refine(
        (value) => Buffer.byteLength(value) <= SECRET_MAX_BYTES,
        `at most ${SECRET_MAX_BYTES} bytes are allowed`,
      )
      .optional()
      .describe("The value itself"),
    file_path: hostPath
      .optional()
      .describe("File on the host with the value, every byte of it; in place of `value`"),
  })
  .refine(
    ({ value, file_path }) => (value === undefined) !== (file_path === undefined),
    "exactly one of `value` and `file_path` is needed",
  );

export const secretsInput = z
  .array(secretInput)
  .max(SECRETS_MAX, `at most ${SECRETS_MAX} secrets are allowed`)
  .refine(
    (secrets) => new Set(secrets.map(({ name }) => name)).size === secrets.length,
    "each secret needs a name of its own",
  );

/** Secret → variable. */
export const secretEnvInput = z
  .record(secretName, z.string().regex(VARIABLE_NAME, "letters, digits or `_` are needed, no digit first"))
  .refine(
    (variables) => new Set(Object.values(variables)).size === Object.keys(variables).length,
    "each secret needs a variable of its own",
  )
  .default({});
