// Makes a result shorter by two caps: items of each array, characters of each text. Says what it has left out. Pure.

import { neutralise } from "../../contract/untrusted-text.js";
import { isJsonObject, type Json, type JsonObject } from "../json.js";
import { cutEnd, cutMiddle } from "./cut-text.js";

export interface Caps {
  readonly items: number;
  readonly characters: number;
}

/** One field that has lost a part. */
export interface Cut {
  /** Such as `stdout` or `entries.0.stdout`. */
  readonly field: string;
  readonly kept: number;
  readonly total: number;
  readonly unit: "characters" | "items";
  /** Of a text: what is kept of its beginning, as it came. */
  readonly head: string;
}

export interface Shape {
  /** Arrays whose end matters more than their beginning. */
  readonly keepLast: ReadonlySet<string>;
  /** Texts that are read piece by piece, so that only their beginning is kept. */
  readonly pieces: ReadonlySet<string>;
}

export interface Shortened {
  readonly value: JsonObject;
  readonly cuts: readonly Cut[];
}

/** Also makes every text safe to show, which must come after the cut: an offset counts the bytes as they are. */
export function shorten(result: JsonObject, caps: Caps, shape: Shape): Shortened {
  const cuts: Cut[] = [];
  return { value: shortenObject("", result, { caps, shape, cuts }), cuts };
}

interface Walk {
  readonly caps: Caps;
  readonly shape: Shape;
  readonly cuts: Cut[];
}

function shortenObject(prefix: string, value: JsonObject, walk: Walk): JsonObject {
  const before = walk.cuts.length;
  const shortened = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, shortenValue(prefix + key, member, walk)]),
  );
  for (const { field } of walk.cuts.slice(before)) {
    const flag = flagOf(field.slice(prefix.length), shortened);
    if (flag !== undefined) shortened[flag] = true;
  }
  return shortened;
}

// Results have `stdout_truncated` beside `stdout`, and `truncated` beside the one thing that can be long.
function flagOf(key: string, siblings: JsonObject): string | undefined {
  if (typeof siblings[`${key}_truncated`] === "boolean") return `${key}_truncated`;
  const isMain = key === "content" || key === "entries" || key === "output";
  return isMain && typeof siblings["truncated"] === "boolean" ? "truncated" : undefined;
}

function shortenValue(field: string, value: Json, walk: Walk): Json {
  if (typeof value === "string") return neutralise(shortenText(field, value, walk));
  if (Array.isArray(value)) return shortenArray(field, value, walk);
  return isJsonObject(value) ? shortenObject(`${field}.`, value, walk) : value;
}

function shortenText(field: string, text: string, { caps, shape, cuts }: Walk): string {
  if (text.length <= caps.characters) return text;
  const piece = shape.pieces.has(field) ? cutEnd(text, caps.characters) : undefined;
  const cut =
    piece === undefined ? cutMiddle(text, caps.characters) : { text: piece, head: piece, kept: piece.length };
  cuts.push({ field, kept: cut.kept, total: text.length, unit: "characters", head: cut.head });
  return cut.text;
}

function shortenArray(field: string, items: readonly Json[], walk: Walk): Json[] {
  const { caps, shape, cuts } = walk;
  const kept = shape.keepLast.has(field) ? items.slice(-caps.items) : items.slice(0, caps.items);
  if (kept.length < items.length) {
    cuts.push({ field, kept: kept.length, total: items.length, unit: "items", head: "" });
  }
  return kept.map((item, index) => shortenValue(`${field}.${index}`, item, walk));
}
