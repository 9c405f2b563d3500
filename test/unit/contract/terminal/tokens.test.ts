// What a program writes to a terminal, in tokens.

import fc from "fast-check";
import { expect, test } from "vitest";
import { formatToken, TerminalTokenizer, type Token } from "../../../../src/contract/terminal/tokens.js";

function tokenize(...pieces: string[]): Token[] {
  const tokenizer = new TerminalTokenizer();
  return pieces.flatMap((piece) => tokenizer.push(piece));
}

/** Text that is split by pieces is one text. */
function format(tokens: readonly Token[]): string {
  return tokens.map(formatToken).join("");
}

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\u001b[",
        "\u001b]52;c;",
        "\u001bP",
        "\u001b\\",
        "\u0007",
        "\u0018",
        "?25",
        ";",
        "h",
        "m",
        "☃",
      ),
    ),
  )
  .map((parts) => parts.join(""));

test("text, controls and sequences are told apart", () => {
  expect(tokenize("a☃\r\n\u001b[1;31mred\u001b7\u001b(0\u001b]0;title\u0007\u001bP$qm\u001b\\!")).toEqual([
    { kind: "text", text: "a☃" },
    { kind: "control", text: "\r" },
    { kind: "control", text: "\n" },
    { kind: "csi", prefix: "", params: "1;31", between: "", final: "m" },
    { kind: "text", text: "red" },
    { kind: "escape", between: "", final: "7" },
    { kind: "escape", between: "(", final: "0" },
    { kind: "string", opener: "]", content: "0;title" },
    { kind: "string", opener: "P", content: "$qm" },
    { kind: "text", text: "!" },
  ]);
});

test("a sequence is the same however it is split", () => {
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(8)), (text, sizes) => {
      const pieces: string[] = [];
      let at = 0;
      for (const size of sizes) {
        pieces.push(text.slice(at, at + size));
        at += size;
      }
      expect(format(tokenize(...pieces, text.slice(at)))).toBe(format(tokenize(text)));
    }),
  );
});

test("what is formatted means the same again, and nothing is made of nothing", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const formatted = format(tokenize(text));
      expect(format(tokenize(formatted))).toBe(formatted);
      expect(formatted.length).toBeLessThanOrEqual(text.length + 2 * text.length);
    }),
  );
});

test.each([
  ["a control inside takes effect at once", "\u001b[1\n0m", "\n\u001b[10m"],
  ["cancel ends a sequence", "\u001b[31\u0018x", "x"],
  ["a new sequence ends the one before", "\u001b[31\u001b[0mx", "\u001b[0mx"],
  ["a character that belongs to none ends it", "\u001b[3☃", "☃"],
  ["one that is too long is dropped", `\u001b[${"1;".repeat(500)}mx`, "x"],
  ["a string that is too long is dropped", `\u001b]52;${"A".repeat(10_000)}\u0007x`, "x"],
  ["a string without an end swallows what comes, as terminals do", "\u001b]0;abc", ""],
])("%s", (_, text, formatted) => {
  expect(format(tokenize(text))).toBe(formatted);
});
