// Lines of our own around text that is not ours: a value never makes a line of its own.

import { formatStatusLine } from "../progress.js";

type Value = string | number | boolean | null | undefined;

/** `[tag] key=value …`, with its newline; what is null is left out. */
export function statusLine(tag: string, values: Readonly<Record<string, Value>>): string {
  const fields: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") {
      fields[key] = typeof value === "number" ? value : String(value);
    }
  }
  return `${formatStatusLine({ tag, fields })}\n`;
}

/** `Label: value` lines; empty ones are left out. */
export function labelLines(entries: readonly (readonly [label: string, value: Value])[]): string {
  return entries
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([label, value]) => `${label}: ${oneLine(String(value))}\n`)
    .join("");
}

/** Line breaks and tabs as the escapes that people know. */
export function oneLine(text: string): string {
  return text.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}

/** At most `limit` characters, from the start and the end. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  return `${text.slice(0, half)} […] ${text.slice(-half)}`;
}

/** Every line of `text` behind `prefix`; nothing for an empty text. */
export function indent(text: string, prefix = "  "): string {
  if (text === "") return "";
  const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
  return `${prefix}${lines.replaceAll("\n", `\n${prefix}`)}\n`;
}
