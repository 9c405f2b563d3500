// What of a shell's output may reach the user's own terminal.

import fc from "fast-check";
import { expect, test } from "vitest";
import { RESTORE_TERMINAL, TerminalFilter } from "../../../src/cli/terminal-filter.js";
import { TerminalTokenizer } from "../../../src/contract/terminal/tokens.js";

const pass = (text: string) => new TerminalFilter().pass(text);

test.each([
  ["colours", "\u001b[1;38;5;208mred\u001b[0m"],
  ["a screen of its own", "\u001b[?1049h\u001b[2J\u001b[5;10Hx\u001b[?25l\u001b[?1049l"],
  ["margins and scrolling", "\u001b[2;20r\u001b[3S\u001b[4L\u001bM"],
  ["line drawing", "\u001b(0lqk\u001b(B"],
  ["the shape of the cursor", "\u001b[4 q"],
  ["bell, tab, backspace", "\u0007\t\b\r\n"],
  ["emoji of several characters", "👩\u200d🚀 é ☃️"],
])("%s passes", (_, text) => {
  expect(pass(text)).toBe(text);
});

test.each([
  ["the clipboard", "\u001b]52;c;Zm9v\u0007"],
  ["the title", "\u001b]2;title\u001b\\"],
  ["a link", "\u001b]8;;https://example.org\u0007"],
  ["a request for a setting", '\u001bP$q"p\u001b\\'],
  ["a query of the title", "\u001b[21t"],
  ["who the terminal is", "\u001b[c\u001b[>c\u001b[=c\u001bZ\u0005"],
  ["where the cursor is", "\u001b[6n\u001b[?6n\u001b[5n"],
  ["a setting of the terminal", "\u001b[?2004$p\u001b[x"],
  ["keys that are reprogrammed", '\u001b[0;68;"rm -rf"p\u001b[>4;1m\u001b[>1u'],
  ["modes that no program needs", "\u001b[?3h\u001b[?9h\u001b[12h\u001b[?1005h"],
  ["a reset of the terminal", "\u001bc"],
  ["printing", "\u001b[5i\u001b[?4i"],
  ["a privacy message", "\u001b^x\u001b\\\u001b_x\u001b\\\u001bXx\u001b\\"],
  ["C1 controls", "\u0085\u0090\u009b\u009d"],
  ["bidirectional and tag characters", "\u202e\u2066\u{e0041}"],
])("%s does not", (_, text) => {
  expect(pass(`a${text}b`)).not.toMatch(/[\u001b\u0080-\u009f\u202e\u2066\u{e0041}]/u);
});

test("of several modes those pass that may", () => {
  expect(pass("\u001b[?25;3;1049h")).toBe("\u001b[?25;1049h");
});

test("whatever comes, no string, no query and no C1 control leaves", () => {
  const parts = fc.constantFrom(
    "\u001b",
    "[",
    "]",
    "P",
    "?",
    "6n",
    "c",
    "52;",
    "\u0007",
    "\u009b",
    "\\",
    "x",
    "\u0018",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(parts, fc.string({ unit: "binary" }))), (pieces) => {
      const filter = new TerminalFilter();
      const passed = pieces.map((piece) => filter.pass(piece)).join("");
      for (const token of new TerminalTokenizer().push(passed)) {
        expect(token.kind).not.toBe("string");
        if (token.kind === "csi") expect("ncptxqi").not.toContain(token.between === " " ? "" : token.final);
        if (token.kind === "control") expect(token.text < "\u0080").toBe(true);
      }
    }),
  );
});

test("the terminal is left as it may be: each mode that passes is undone", () => {
  expect(pass(RESTORE_TERMINAL)).toBe(RESTORE_TERMINAL);
});
