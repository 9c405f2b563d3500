import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OutputCapture } from "../../../src/fleet/output-capture.js";
import { readLiveBytes } from "../helpers/memory.js";

function capture(chunks: readonly Uint8Array[], maxBytes: number): OutputCapture {
  const output = new OutputCapture(maxBytes);
  for (const chunk of chunks) output.push(chunk);
  return output;
}

test("output within the bound is kept as it is, however it comes", () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
  fc.assert(
    fc.property(chunks, (pushed) => {
      const all = Buffer.concat(pushed);
      for (const maxBytes of [all.length + (all.length % 2), 1000]) {
        const output = capture(pushed, maxBytes);
        expect(output.truncated).toBe(false);
        expect(output.text()).toBe(all.toString("utf8"));
      }
    }),
  );
});

test("longer output keeps its head and its tail, and says how much is missing between", () => {
  const chunks = fc.array(fc.uint8Array({ min: 0x61, max: 0x7a, maxLength: 20 }), { maxLength: 30 });
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 30 }), (pushed, half) => {
      const all = Buffer.concat(pushed).toString("latin1");
      fc.pre(all.length > 2 * half);
      const output = capture(pushed, 2 * half);
      expect(output.truncated).toBe(true);
      const omitted = `\n[... ${all.length - 2 * half} bytes omitted ...]\n`;
      expect(output.text()).toBe(all.slice(0, half) + omitted + all.slice(-half));
    }),
  );
});

test("reading in between changes nothing", () => {
  const output = new OutputCapture(6);
  for (const letter of "abcdefgh") {
    output.push(Buffer.from(letter));
    output.text();
  }
  expect(output.text()).toBe("abc\n[... 2 bytes omitted ...]\nfgh");
});

test("what is not UTF-8 is replaced", () => {
  expect(capture([Uint8Array.of(0x61, 0xff, 0x62)], 100).text()).toBe("a\ufffdb");
});

describe("memory stays within the bound", () => {
  const MIB = 1024 * 1024;

  test("for output that comes byte by byte, and each byte costs the same", () => {
    const before = readLiveBytes();
    const output = new OutputCapture(MIB / 4);
    for (let index = 0; index < MIB / 2; index += 1) output.push(Uint8Array.of(0x78));
    expect(readLiveBytes() - before).toBeLessThan(4 * MIB);
    expect(output.truncated).toBe(true);
  });

  test("for single bytes that are views of large messages", () => {
    const before = readLiveBytes();
    const output = new OutputCapture(MIB);
    for (let index = 0; index < 100; index += 1) output.push(new Uint8Array(4 * MIB).subarray(0, 1));
    // The collector frees large buffers in the background; kept, they were 400 MiB.
    expect(readLiveBytes() - before).toBeLessThan(100 * MIB);
    expect(output.text()).toBe("\0".repeat(100));
  });
});
