// What a hunk does to a file once its place is known.

import type { HunkLine } from "../file-patch.js";
import type { TextLines } from "./text-lines.js";

export interface Replacement {
  /** Lines of the file, from 0, `end` not included. */
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

export function oldLines(lines: readonly HunkLine[]): string[] {
  return lines.flatMap(({ op, text }) => (op === "+" ? [] : text));
}

/** Counts of the kept lines at the beginning and at the end. */
export function countContext(lines: readonly HunkLine[]): { leading: number; trailing: number } {
  const leading = lines.findIndex(({ op }) => op !== " ");
  const trailing = lines.findLastIndex(({ op }) => op !== " ");
  return leading < 0
    ? { leading: lines.length, trailing: 0 }
    : { leading, trailing: lines.length - 1 - trailing };
}

/**
 * Of a hunk whose old lines stand at `at`. Kept lines stay as they are in the file; around the changes they are no part
 * of it, so that hunks may share them.
 */
export function replacementAt(at: number, lines: readonly HunkLine[], file: TextLines): Replacement {
  const { leading, trailing } = countContext(lines);
  const made: string[] = [];
  let index = at + leading;
  for (const { op, text } of lines.slice(leading, lines.length - trailing)) {
    if (op === "+") made.push(text);
    else if (op === "-") index++;
    else made.push(file.lines[index++] ?? text);
  }
  return { start: at + leading, end: index, lines: made };
}

/** The replacements do not overlap. A line without line end gets one when it is not the last any more. */
export function replaceLines(file: TextLines, replacements: readonly Replacement[]): string {
  const lines: string[] = [];
  const push = (line: string) => {
    const last = lines.at(-1);
    if (last?.endsWith("\n") === false) lines.push(file.lineEnd);
    lines.push(line);
  };
  let index = 0;
  for (const { start, end, lines: made } of [...replacements].sort((a, b) => a.start - b.start)) {
    for (const line of file.lines.slice(index, start)) push(line);
    for (const line of made) push(line);
    index = end;
  }
  for (const line of file.lines.slice(index)) push(line);
  return lines.join("");
}
