import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeUnsafe, neutralise } from "../../../src/contract/untrusted-text.js";

/** Every code point that moves a cursor, drives a terminal, or makes text read differently. */
const UNSAFE_RANGES = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0x061c, 0x061c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x2069],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe007f],
] as const;

const unsafe = UNSAFE_RANGES.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)),
);

describe("neutralise", () => {
  test("shows every unsafe character as a visible escape", () => {
    for (const character of unsafe) {
      expect(neutralise(`a${character}b`)).toMatch(/^a\\(x[0-9a-f]{2}|u\{[0-9a-f]{3,6}\})b$/);
    }
  });

  test.each([
    ["\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m"],
    ["\u009b2J", "\\x9b2J"],
    ["\u202efdp.exe", "\\u{202e}fdp.exe"],
    ["progress 10 %\rprogress 20 %", "progress 10 %\\x0dprogress 20 %"],
    ["\u0007\b", "\\x07\\x08"],
    ["\u{e0041}", "\\u{e0041}"],
  ])("%j", (text, shown) => expect(neutralise(text)).toBe(shown));

  test("leaves tabs, newlines, line ends of DOS, and all scripts as they are", () => {
    const text = "a\tb\nc\r\nd é ß 日本語 العربية 😀 👩‍👩‍👧 \u00a0".replaceAll("\u200d", "");
    expect(neutralise(text)).toBe(text);
  });

  test("does nothing more to what it has made", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = neutralise(text);
        expect(neutralise(once)).toBe(once);
      }),
    );
  });
});

test("escapeUnsafe leaves no unsafe character in a JSON document, and its value as it was", () => {
  for (const character of [...unsafe, "\r"]) {
    const json = escapeUnsafe(JSON.stringify(character));
    expect(json).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(json)).toBe(character);
  }
});
