// Keeps a shell's output from wearing out the emulator that draws it: sequences whose cost is a number that a guest
// chooses, strings that it would keep, characters that pile up in one cell.

import { formatToken, TerminalTokenizer, type Token } from "../../contract/terminal/tokens.js";

/** Those whose numbers are counts of cells or lines: more than the screen has means the same as all. */
const COUNTED = "@ABCDEFGHIJKLMPSTXZ`abde";
const NUMBER_MAX = 9999;
/** Marks on one character; real text has a few. */
const MARKS_MAX = 8;
const STACKED_MARKS = new RegExp(`([\\p{M}\\p{Cf}]{${MARKS_MAX}})[\\p{M}\\p{Cf}]+`, "gu");
const ONLY_MARKS = /^[\p{M}\p{Cf}]+$/u;

export class EmulatorGuard {
  readonly #tokenizer = new TerminalTokenizer();
  /** Characters of text that were marks only, since the last other one: a guest may send them one by one. */
  #marks = 0;

  /** `side`: the longer side of the screen. */
  pass(text: string, side: number): string {
    return this.#tokenizer
      .push(text)
      .map((token) => this.#guard(token, side))
      .join("");
  }

  #guard(token: Token, side: number): string {
    switch (token.kind) {
      case "text":
        return this.#limitMarks(token.text);
      case "csi":
        return formatToken({ ...token, params: limitNumbers(token.params, token.final, side) });
      case "string":
        // Titles, links, the clipboard, and requests whose answer can hold what a program has set.
        return "";
      case "control":
        return token.text >= "\u0080" ? "" : token.text;
      case "escape":
        return formatToken(token);
    }
  }

  #limitMarks(text: string): string {
    const limited = text.replaceAll(STACKED_MARKS, "$1");
    if (!ONLY_MARKS.test(limited)) {
      this.#marks = 0;
      return limited;
    }
    this.#marks += limited.length;
    return this.#marks > MARKS_MAX ? "" : limited;
  }
}

function limitNumbers(params: string, final: string, side: number): string {
  const max = COUNTED.includes(final) ? side : NUMBER_MAX;
  return params.replaceAll(/\d+/g, (digits) => String(Math.min(Number(digits), max)));
}
