import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PyroError } from "../../../src/contract/errors.js";
import type { OperationEvent } from "../../../src/contract/events.js";
import { formatError, formatEvent, formatResult, parseMessage } from "../../../src/contract/wire.js";

describe("an event crosses the wire unchanged", () => {
  test("output: every byte", () => {
    fc.assert(
      fc.property(fc.constantFrom("stdout" as const, "stderr" as const), fc.uint8Array(), (type, data) => {
        const line = formatEvent({ type, data });
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(parseMessage(line)).toEqual({ kind: "event", event: { type, data: Buffer.from(data) } });
      }),
    );
  });

  test("output: only the view's own bytes of a larger buffer", () => {
    const data = new Uint8Array(Buffer.from("secret|shown|secret")).subarray(7, 12);
    expect(parseMessage(formatEvent({ type: "stdout", data }))).toEqual({
      kind: "event",
      event: { type: "stdout", data: Buffer.from("shown") },
    });
  });

  test("progress: tag, fields, and how far it is", () => {
    const key = fc.string().filter((name) => name !== "__proto__");
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const fields = fc.dictionary(key, fc.oneof(fc.string(), number));
    const done = fc.record({
      current: number,
      total: fc.option(number, { nil: undefined }),
      unit: fc.string(),
    });
    fc.assert(
      fc.property(fc.string(), fields, fc.option(done, { nil: undefined }), (tag, given, moved) => {
        const event: OperationEvent = {
          type: "progress",
          tag,
          fields: { ...given },
          ...(moved && { done: moved }),
        };
        expect(parseMessage(formatEvent(event))).toEqual({ kind: "event", event });
      }),
    );
  });
});

test("a result crosses the wire unchanged, whatever its text", () => {
  const value = { stdout: "line\nnext\u2028\u0000\ud83d\ude00", count: 0, nothing: null, list: [{}] };
  const line = formatResult(value);
  expect(line.trimEnd()).not.toContain("\n");
  expect(parseMessage(line)).toEqual({ kind: "result", value });
});

describe("an error", () => {
  test("crosses the wire with code, message, hint and details", () => {
    const error = new PyroError("out_of_disk", "no room\nat all", {
      hint: "Free some.",
      details: { free: 1 },
    });
    const message = parseMessage(formatError(error));
    expect(message.kind === "error" && message.error.toReport()).toEqual(error.toReport());
  });

  test("with a code that this version does not know becomes internal and keeps its words", () => {
    const report = { code: "toString", message: "new trouble", hint: "Do it.", details: {} };
    expect(parseMessage(JSON.stringify({ type: "error", error: report }))).toMatchObject({
      kind: "error",
      error: { code: "internal", message: "new trouble", hint: "Do it." },
    });
  });
});

describe("a line that is no message throws", () => {
  test.each([
    "",
    "{",
    "null",
    "[]",
    "{}",
    '{"type":"other"}',
    '{"type":"stdout"}',
    '{"type":"stdout","data":1}',
    '{"type":"progress","tag":"x","fields":{"a":null}}',
    '{"type":"progress","tag":"x","fields":{},"done":{"current":"1"}}',
    '{"type":"result","value":[]}',
    '{"type":"error","error":{"code":"internal"}}',
  ])("%s", (line) => expect(() => parseMessage(line)).toThrow());

  test("whatever JSON it is", () => {
    fc.assert(
      fc.property(fc.json(), (line) => {
        expect(() => parseMessage(line)).toThrow();
      }),
    );
  });
});
