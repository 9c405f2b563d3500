// What the CLI says with --json.

import { z } from "zod";

const Failure = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    details: z.record(z.string(), z.unknown()),
  }),
});

/** The error of a failed command; throws when the command has not failed. */
export function errorOf(value: unknown): z.infer<typeof Failure>["error"] {
  const parsed = Failure.safeParse(value);
  if (!parsed.success) throw new Error(`not an error: ${JSON.stringify(value)}`);
  return parsed.data.error;
}
