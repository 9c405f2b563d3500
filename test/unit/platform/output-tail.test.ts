import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OutputTail } from "../../../src/platform/output-tail.js";

const chunks = fc.array(fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)));

test("keeps exactly the last bytes, however they come", () => {
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 100 }), (pushed, maxBytes) => {
      const tail = new OutputTail(maxBytes);
      for (const chunk of pushed) tail.push(chunk);
      expect(tail.text()).toBe(Buffer.concat(pushed).subarray(-maxBytes).toString("utf8"));
    }),
  );
});

describe("lines", () => {
  function readLines(pushed: readonly Uint8Array[], maxBytes = 1024): string[] {
    const lines: string[] = [];
    const tail = new OutputTail(maxBytes, (line) => lines.push(line));
    for (const chunk of pushed) tail.push(Buffer.from(chunk));
    tail.end();
    return lines;
  }

  test("come whole wherever the chunks are cut, inside characters too", () => {
    const text = "första\n\nzwölf €\n😀 end\n";
    const bytes = Buffer.from(text);
    const expected = text.split("\n").slice(0, -1);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(readLines([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
    }
    expect(readLines(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  test("the last one counts although it has no newline", () => {
    expect(readLines([Buffer.from("one\nlast")])).toEqual(["one", "last"]);
    expect(readLines([])).toEqual([]);
  });

  test("a line without end is kept only up to the bound", () => {
    const pushed = Array.from({ length: 1000 }, () => Buffer.alloc(1000, "x"));
    expect(readLines([...pushed, Buffer.from("end\n")], 100)).toEqual([`${"x".repeat(100)}end`]);
  });
});
