// Why a hunk does not match: where most of it does, and the first line there that is another one.

import type { Hunk } from "../file-patch.js";
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
  let best = { at: expectedAt, count: countEqual(file.lines, wanted, expectedAt) };
  for (const [at, line] of file.lines.entries()) {
    if (withoutEnd(line) !== withoutEnd(wanted[0] ?? "")) continue;
    const count = countEqual(file.lines, wanted, at);
    budget.spend(count + 1);
    if (count > best.count) best = { at, count };
  }
  const { at, count } = best;
  const expected = wanted.slice(count, count + SHOWN_LINES).map(withoutEnd);
  const found = file.lines.slice(at + count, at + count + SHOWN_LINES).map(withoutEnd);
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
  const end = wanted.findIndex((line, index) => {
    const found = lines[at + index];
    return found === undefined || withoutEnd(found) !== withoutEnd(line);
  });
  return end < 0 ? wanted.length : end;
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, "");
}
