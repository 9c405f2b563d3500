// Why a hunk does not match: where most of it does, and the first line there that is another one.

import type { Hunk } from "../file-patch.js";
import { findLongestBeginning } from "../line-search.js";
import { showText } from "../patch-errors.js";
import type { HunkPlacer } from "./hunk-placer.js";
import { oldLines } from "./replacement.js";

export interface Mismatch {
  readonly text: string;
  /** From 1. */
  readonly fileLine: number;
  readonly expected: readonly string[];
  readonly found: readonly string[];
}

/** Lines of each side that an error shows. */
const SHOWN_LINES = 3;

export function describeMismatch({ file, budget, drift }: HunkPlacer, { lines, place }: Hunk): Mismatch {
  const wanted = oldLines(lines);
  const numbered = place.kind === "lines" ? place.oldStart : undefined;
  const expectedAt = Math.min(Math.max(0, (numbered ?? 1) - 1 + drift), file.lines.length);
  const shownLines = file.normalised(withoutEnd);
  const shownWanted = wanted.map(withoutEnd);
  const best = findLongestBeginning(shownLines, shownWanted, expectedAt, budget);
  const { at } = best;
  const count = best.count < wanted.length ? best.count : countEqual(file.lines, wanted, at);
  const expected = shownWanted.slice(count, count + SHOWN_LINES);
  const found = shownLines.slice(at + count, at + count + SHOWN_LINES);
  return { text: explain(expected[0], found[0], at + count + 1), fileLine: at + count + 1, expected, found };
}

function explain(expected: string | undefined, found: string | undefined, fileLine: number): string {
  if (expected === undefined)
    return "its lines stand in more than one place, or where another hunk changes them";
  const place = `at line ${fileLine} of the file it expects ${quote(expected)}`;
  if (found === undefined) return `${place}, but the file ends there`;
  if (found === expected) return `${place}, which is there with another line end`;
  const hint = found.trim() === expected.trim() ? " (white space differs)" : "";
  return `${place}, but there is ${quote(found)}${hint}`;
}

function quote(line: string): string {
  return JSON.stringify(showText(line));
}

function countEqual(lines: readonly string[], wanted: readonly string[], at: number): number {
  const end = wanted.findIndex((line, index) => lines[at + index] !== line);
  return end < 0 ? wanted.length : end;
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, "");
}
