// What is looked for so that a secret is not shown: its value in the spellings in which programs write it down.

import type { RedactionPattern } from "../../guest/secrets.js";
import { isRedacted, searchedValue, type Secret } from "./secret.js";

const BASE64_SYMBOL_BITS = 6;
/** A shorter line of a value of several lines is not looked for by itself. */
const LINE_MIN_BYTES = 16;

/** None for values that are too short to be looked for. */
export function patternsOf(secrets: readonly Secret[]): RedactionPattern[] {
  return secrets.filter(isRedacted).flatMap((secret) => {
    const value = searchedValue(secret);
    const text = value.toString("latin1");
    const lines = text.split(/\r?\n/);
    const longLines = lines.length > 1 ? lines.filter((line) => line.length >= LINE_MIN_BYTES) : [];
    const crlf = Buffer.from(text.replaceAll(/\r?\n/g, "\r\n"), "latin1");
    const named = { secret: secret.name };
    return [
      { ...named, view: "plain" as const, symbols: value },
      // A terminal ends its lines with CR LF.
      ...(crlf.equals(value) ? [] : [{ ...named, view: "plain" as const, symbols: crlf }]),
      // A patch or an indented text has something between the lines of a value.
      ...longLines.map((line) => ({
        ...named,
        view: "plain" as const,
        symbols: Buffer.from(line, "latin1"),
      })),
      { ...named, view: "url" as const, symbols: Buffer.from(text.replaceAll("+", " "), "latin1") },
      ...[0, 1, 2].map((offset) => ({
        ...named,
        view: "base64" as const,
        symbols: base64Core(value, offset),
      })),
    ];
  });
}

/**
 * The symbols of base64 that depend on nothing but `value`, when it stands `offset` bytes after the begin of a group:
 * the first and the last one may hold bits of what is before and after it.
 */
function base64Core(value: Buffer, offset: number): Buffer {
  const encoded = Buffer.concat([Buffer.alloc(offset), value]).toString("base64");
  const begin = Math.ceil((offset * 8) / BASE64_SYMBOL_BITS);
  const end = Math.floor(((offset + value.length) * 8) / BASE64_SYMBOL_BITS);
  return Buffer.from(encoded.slice(begin, end), "latin1");
}
