// How clients and daemon talk: HTTP/1.1 over a unix socket.
//
// A call is `POST /v1/operations/<id>`. Its body is one line of JSON, the input, and after it the raw bytes of
// stdin for operations that take them: none when the body's length is told and is the line's. The answer is NDJSON:
// events, then one result or error.
// Two headers carry the caller's build and settings; a daemon that differs answers 409 and does nothing.

import { z } from "zod";
import { isErrorCode, PyroError } from "./errors.js";
import type { OperationEvent } from "./events.js";

export const OPERATIONS_PATH = "/v1/operations/";
export const SHUTDOWN_PATH = "/v1/shutdown";
export const BUILD_HEADER = "pyro-build";
export const SETTINGS_HEADER = "pyro-settings";
/** "1": stop even in the middle of calls. */
export const FORCE_HEADER = "pyro-force";
/** The daemon is of another version or has other settings. */
export const MISMATCH_STATUS = 409;

const ErrorReportSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  details: z.record(z.string(), z.unknown()),
});

const MessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["stdout", "stderr"]), data: z.string() }),
  z.object({
    type: z.literal("progress"),
    tag: z.string(),
    fields: z.record(z.string(), z.union([z.string(), z.number()])),
    done: z
      .object({ current: z.number(), total: z.number().optional(), unit: z.string() })
      .transform(({ current, total, unit }) => ({ current, total, unit }))
      .optional(),
  }),
  z.object({ type: z.literal("result"), value: z.record(z.string(), z.unknown()) }),
  z.object({ type: z.literal("error"), error: ErrorReportSchema }),
]);

export type WireMessage =
  | { readonly kind: "event"; readonly event: OperationEvent }
  | { readonly kind: "result"; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: "error"; readonly error: PyroError };

/** One NDJSON line of an event, with its newline. */
export function formatEvent(event: OperationEvent): string {
  if (event.type === "progress") return `${JSON.stringify(event)}\n`;
  const data = Buffer.from(event.data.buffer, event.data.byteOffset, event.data.byteLength).toString(
    "base64",
  );
  return `{"type":"${event.type}","data":"${data}"}\n`;
}

export function formatResult(value: unknown): string {
  return `${JSON.stringify({ type: "result", value })}\n`;
}

export function formatError(error: PyroError): string {
  return `${JSON.stringify({ type: "error", error: error.toReport() })}\n`;
}

/** Parses one line of an answer. */
export function parseMessage(line: string): WireMessage {
  const message = MessageSchema.parse(JSON.parse(line));
  switch (message.type) {
    case "stdout":
    case "stderr":
      return { kind: "event", event: { type: message.type, data: Buffer.from(message.data, "base64") } };
    case "progress": {
      const { done, ...event } = message;
      return { kind: "event", event: done ? { ...event, done } : event };
    }
    case "result":
      return { kind: "result", value: message.value };
    case "error":
      return { kind: "error", error: parseErrorReport(message.error) };
  }
}

function parseErrorReport(report: z.infer<typeof ErrorReportSchema>): PyroError {
  const code = isErrorCode(report.code) ? report.code : "internal";
  return new PyroError(code, report.message, { hint: report.hint, details: report.details });
}

/** What a daemon says of itself when it cannot serve a client. */
export const MismatchSchema = z.object({
  version: z.string(),
  pid: z.number(),
  /** What it is doing; empty: it leaves, and the client may start another one. */
  busy_with: z.array(z.string()),
});
