// Hunks of a diff: their headers and lines.
//
// The counts in the header tell where the hunk ends, because a removed line `-- x` reads as a header. They may be wrong
// otherwise, as people and models write them: only a hunk that ends with the patch before it is whole is refused, for
// it may have been cut off.

import type { Hunk, HunkLine } from "../file-patch.js";
import type { LineReader } from "../line-reader.js";
import { malformedPatch } from "../patch-errors.js";

const NUMBERS = /^@@ -(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@/;
const WITHOUT_NUMBERS = /^@@(?: |$)/;
/** Lines behind the counted ones in which a further change is looked for. */
const LOOK_AHEAD = 8;

function isHunkHeader(line: string | undefined): boolean {
  return line !== undefined && WITHOUT_NUMBERS.test(line);
}

/** `--- NAME` and `+++ NAME`, with a hunk behind them. */
export function startsNames(reader: LineReader, ahead = 0): boolean {
  return (
    reader.peek(ahead)?.startsWith("--- ") === true && reader.peek(ahead + 1)?.startsWith("+++ ") === true
  );
}

/** The hunks that the reader stands at. */
export function parseHunks(reader: LineReader): Hunk[] {
  const hunks: Hunk[] = [];
  while (isHunkHeader(reader.peek())) hunks.push(parseHunk(reader));
  return hunks;
}

function parseHunk(reader: LineReader): Hunk {
  const patchLine = reader.lineNumber;
  const header = reader.peek() ?? "";
  const [numbers, oldStart, oldCount = "1", newStart, newCount = "1"] = NUMBERS.exec(header) ?? [];
  if (numbers === undefined && header.startsWith("@@ -")) {
    throw malformedPatch(patchLine, "a hunk's numbers are not like `@@ -1,3 +1,4 @@`");
  }
  reader.skip();
  const body = new HunkBody(
    reader,
    numbers === undefined
      ? { old: Infinity, now: Infinity }
      : { old: Number(oldCount), now: Number(newCount) },
  );
  const lines = body.read();
  if (body.isCutOff && numbers !== undefined) {
    const problem = `the patch ends in the middle of this hunk, which says ${oldCount} old and ${newCount} new lines`;
    throw malformedPatch(patchLine, problem, "Give the whole hunk, or correct its numbers.");
  }
  if (lines.length === 0) throw malformedPatch(patchLine, "this hunk has no lines");
  const toNumber = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));
  return {
    patchLine,
    place: { kind: "lines", oldStart: toNumber(oldStart), newStart: toNumber(newStart) },
    lines,
  };
}

class HunkBody {
  readonly #reader: LineReader;
  /** What is left of the header's counts. */
  readonly #left: { old: number; now: number };
  readonly #lines: HunkLine[] = [];
  /** Lines at the end without even a space in front: empty lines of the file, or of what surrounds the patch. */
  #blanks = 0;

  constructor(reader: LineReader, counts: { old: number; now: number }) {
    this.#reader = reader;
    this.#left = counts;
  }

  /** The patch ended before the counts were met. */
  get isCutOff(): boolean {
    return this.#isOpen() && this.#reader.peek() === undefined;
  }

  read(): readonly HunkLine[] {
    for (let line = this.#reader.peek(); line !== undefined; line = this.#reader.peek()) {
      if (line.startsWith("\\")) this.#endWithoutLineEnd();
      else if (this.#isOpen() ? this.#startsNextFile() || !isHunkLine(line) : !this.#goesOn()) break;
      else this.#take(line);
      this.#reader.skip();
    }
    return this.#isOpen() ? this.#lines.slice(0, this.#lines.length - this.#blanks) : this.#lines;
  }

  #take(line: string): void {
    const op = line[0] === "+" || line[0] === "-" ? line[0] : " ";
    this.#blanks = line === "" ? this.#blanks + 1 : 0;
    if (op !== "+") this.#left.old--;
    if (op !== "-") this.#left.now--;
    this.#lines.push({ op, text: `${line.slice(1)}\n` });
  }

  #isOpen(): boolean {
    return this.#left.old > 0 || this.#left.now > 0;
  }

  /** While lines are missing, names are removed and added lines, unless they cannot be. */
  #startsNextFile(): boolean {
    const isLast = this.#left.old === 1 && this.#left.now === 1;
    return !isLast && startsNames(this.#reader) && isHunkHeader(this.#reader.peek(2));
  }

  /** Lines beyond the counts are the hunk's too: to pass over them would lose a change. */
  #goesOn(): boolean {
    if (this.#reader.peek()?.startsWith(" ") === true) return true;
    for (let ahead = 0; ahead < LOOK_AHEAD; ahead++) {
      const line = this.#reader.peek(ahead);
      if (line === "" || line?.startsWith(" ") === true) continue;
      // A mail ends with a signature, behind a line of two dashes and a space.
      if (line === undefined || line === "-- " || line === "--" || startsNames(this.#reader, ahead))
        return false;
      return line.startsWith("+") || line.startsWith("-");
    }
    return false;
  }

  /** `\ No newline at end of file`, in any language. */
  #endWithoutLineEnd(): void {
    const last = this.#lines.pop();
    if (last) this.#lines.push({ op: last.op, text: last.text.slice(0, -1) });
  }
}

function isHunkLine(line: string): boolean {
  return line === "" || line.startsWith(" ") || line.startsWith("+") || line.startsWith("-");
}
