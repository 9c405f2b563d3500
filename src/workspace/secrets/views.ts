// The ways to read a text before it is compared with patterns; agent/internal/redact reads streams in the same ways.

import type { PatternView } from "../../guest/secrets.js";

/** The symbols of a text, and the bytes of it that each of them stands for. */
export interface Reading {
  readonly symbols: Buffer;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const [PERCENT, PLUS, MINUS, SLASH, UNDERSCORE, SPACE, LF, CR] = Buffer.from("%+-/_ \n\r");
/** CR LF: more than that between two symbols of base64 is no broken line. */
const LINE_END_MAX_BYTES = 2;

export function readAs(view: PatternView, text: Buffer): Reading {
  const reader = new Reader(text.length);
  if (view === "url") readUrl(text, reader);
  else if (view === "base64") readBase64(text, reader);
  else for (const [at, byte] of text.entries()) reader.push(byte, at, at + 1);
  return reader.reading();
}

function readUrl(text: Buffer, reader: Reader): void {
  for (let at = 0; at < text.length;) {
    const byte = text.readUInt8(at);
    const digits = byte === PERCENT ? text.toString("latin1", at + 1, at + 3) : "";
    const isEscape = /^[0-9A-Fa-f]{2}$/.test(digits);
    const symbol = isEscape ? Number.parseInt(digits, 16) : byte;
    const end = at + (isEscape ? 3 : 1);
    reader.push(symbol === PLUS ? SPACE : symbol, at, end);
    at = end;
  }
}

function readBase64(text: Buffer, reader: Reader): void {
  let lineEndBytes = 0;
  for (const [at, byte] of text.entries()) {
    const isLineEnd = byte === LF || byte === CR;
    lineEndBytes = isLineEnd ? lineEndBytes + 1 : 0;
    // Beyond that it is a symbol, which is in no pattern.
    if (isLineEnd && lineEndBytes <= LINE_END_MAX_BYTES) continue;
    reader.push(byte === MINUS ? PLUS : byte === UNDERSCORE ? SLASH : byte, at, at + 1);
  }
}

class Reader {
  readonly #symbols: Buffer;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  #count = 0;

  constructor(maxCount: number) {
    this.#symbols = Buffer.allocUnsafe(maxCount);
    this.#starts = new Uint32Array(maxCount);
    this.#ends = new Uint32Array(maxCount);
  }

  push(symbol: number | undefined, start: number, end: number): void {
    this.#symbols[this.#count] = symbol ?? 0;
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  reading(): Reading {
    return { symbols: this.#symbols.subarray(0, this.#count), starts: this.#starts, ends: this.#ends };
  }
}
