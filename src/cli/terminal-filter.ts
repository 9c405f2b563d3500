// A guest's output on its way to the user's own terminal, live: what draws passes; what would reprogram the terminal,
// or make it answer, does not. Queries are answered by the daemon, so none of them is missed.

import { formatToken, TerminalTokenizer, type Token } from "../contract/terminal/tokens.js";
import { neutralise } from "../contract/untrusted-text.js";

/** Bell, backspace, tab, line feeds, carriage return, and the switch between two sets of characters. */
const CONTROLS = "\u0007\b\t\n\v\f\r\u000e\u000f";
/** Save and restore the cursor, index, next line, tab stop, reverse index, the modes of the keypad. */
const ESCAPES = "78DEHM=>";
/** Cursor, erasing, inserting, deleting, scrolling, colours, margins. */
const SEQUENCES = "@ABCDEFGHIJKLMPSTXZ`abdefgmrsu";
/** Modes that `h` and `l` may switch: those that programs with a screen of their own use. */
const MODES = new Set(["4", "20"]);
const PRIVATE_MODES = new Set(
  [1, 5, 6, 7, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1047, 1048, 1049, 2004, 2026].map(String),
);

/** Undoes what a program may have left switched: the main screen, a cursor, no mouse, no colours. */
export const RESTORE_TERMINAL =
  "\u001b[?1049l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1004l\u001b[?1006l\u001b[?2004l\u001b[?2026l" +
  "\u001b[?1l\u001b[?5l\u001b[?6l\u001b[?7h\u001b[?25h\u001b[4l\u001b[20l\u001b[r\u001b[m\u001b>\u001b(B\u000f";

export class TerminalFilter {
  readonly #tokenizer = new TerminalTokenizer();

  /** What of `text`, and of sequences that it ends, may go to the terminal. */
  pass(text: string): string {
    return this.#tokenizer.push(text).map(filter).join("");
  }
}

function filter(token: Token): string {
  switch (token.kind) {
    case "text":
      return hide(token.text);
    case "control":
      return CONTROLS.includes(token.text) ? token.text : "";
    case "escape":
      return isHarmlessEscape(token.between, token.final) ? formatToken(token) : "";
    case "csi":
      return filterSequence(token);
    case "string":
      return "";
  }
}

/** Characters that make text read differently from what it is take no room: they are left out. */
function hide(text: string): string {
  return neutralise(text) === text ? text : text.replaceAll(HIDDEN, "");
}

// Joiners and variation selectors stay: emoji and some scripts are made with them.
const HIDDEN = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

function isHarmlessEscape(between: string, final: string): boolean {
  if (between === "") return ESCAPES.includes(final);
  // A set of characters: ASCII or lines.
  return between.length === 1 && "()".includes(between) && "B0".includes(final);
}

function filterSequence(token: Extract<Token, { kind: "csi" }>): string {
  const { prefix, params, between, final } = token;
  if (final === "h" || final === "l") return between === "" ? filterModes(token) : "";
  // The shape of the cursor.
  if (final === "q") return prefix === "" && between === " " ? formatToken(token) : "";
  if (prefix !== "" || between !== "" || !SEQUENCES.includes(final)) return "";
  // With five numbers it tracks the mouse, in a way that may lock up a terminal.
  if (final === "T" && params.includes(";")) return "";
  return formatToken(token);
}

function filterModes(token: Extract<Token, { kind: "csi" }>): string {
  const known = token.prefix === "?" ? PRIVATE_MODES : token.prefix === "" ? MODES : new Set<string>();
  const params = token.params.split(";").filter((mode) => known.has(mode));
  return params.length === 0 ? "" : formatToken({ ...token, params: params.join(";") });
}
