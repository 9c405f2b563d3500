// The lines that the helper prints while it works on images: helper/internal/images/command/output.go.

import { z } from "zod";
import { ImageRecordSchema } from "./image-record.js";

export const PullResultSchema = ImageRecordSchema;
export const ResolveResultSchema = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) });

const ProgressSchema = z.object({
  event: z.literal("progress"),
  phase: z.string(),
  done_bytes: z.number(),
  total_bytes: z.number(),
});

const WaitingSchema = z.object({
  event: z.literal("waiting"),
  reason: z.string(),
  /** 0 when nobody knows. */
  seconds: z.number(),
});

const ErrorSchema = z.object({
  event: z.literal("error"),
  code: z.string(),
  message: z.string(),
  hint: z.string().default(""),
  details: z.record(z.string(), z.unknown()).default({}),
});

const EventSchema = z.discriminatedUnion("event", [
  ProgressSchema,
  WaitingSchema,
  ErrorSchema,
  z.looseObject({ event: z.literal("result") }),
]);

export type HelperProgress = z.infer<typeof ProgressSchema>;
export type HelperWaiting = z.infer<typeof WaitingSchema>;
export type HelperFailure = z.infer<typeof ErrorSchema>;
export type HelperEvent = z.infer<typeof EventSchema>;

/** As fields of a status line. */
export function describeWaiting({ reason, seconds }: HelperWaiting): Record<string, string | number> {
  return { waiting_for: reason, ...(seconds > 0 && { seconds }) };
}

/** Throws when the line is none of the helper's. */
export function parseHelperEvent(line: string): HelperEvent {
  return EventSchema.parse(JSON.parse(line));
}
