// Finds the place of a hunk without line numbers: behind the hunk before it, and behind the lines of its headers.
//
// As the well-known implementations of the format do it: lines are compared as they are, then without white space at
// their ends, then without any around them; the first place is meant.

import type { Hunk, HunkLine, HunkPlace } from "../file-patch.js";
import { findRuns } from "../line-search.js";
import type { HunkPlacer } from "./hunk-placer.js";
import { oldLines } from "./replacement.js";

type Normalise = (line: string) => string;

const SPACE = " \t\r\n\f\v";
const AS_IT_IS: Normalise = (line) => (line.endsWith("\n") ? line.slice(0, -1) : line);
const WITHOUT_END: Normalise = (line) => {
  let end = line.length;
  while (end > 0 && SPACE.includes(line.charAt(end - 1))) end--;
  return line.slice(0, end);
};
const TRIMMED: Normalise = (line) => {
  let start = 0;
  while (start < line.length && SPACE.includes(line.charAt(start))) start++;
  return WITHOUT_END(line.slice(start));
};

/** What stands in the way: a header that is no line of the file, or old lines that are nowhere. */
export type PlacingProblem =
  { readonly kind: "header"; readonly header: string } | { readonly kind: "lines" };

/** Undefined: it has its place. */
export function placeAfter(
  placer: HunkPlacer,
  { lines }: Hunk,
  { headers, atEnd }: HunkPlace & { readonly kind: "after" },
): PlacingProblem | undefined {
  let from = placer.takenTo;
  for (const header of headers) {
    const at = findFirst(placer, [header], from, false);
    if (at === undefined) return { kind: "header", header };
    from = at + 1;
  }
  const ended = lines.map(({ op, text }) => ({ op, text: `${AS_IT_IS(text)}${placer.file.lineEnd}` }));
  for (const variant of variantsOf(ended)) {
    const at = findPlace(placer, oldLines(variant), { from, atEnd, hasHeader: headers.length > 0 });
    if (at === undefined || !placer.isFree(at, variant)) continue;
    placer.take(at, variant);
    return undefined;
  }
  return { kind: "lines" };
}

function findPlace(
  placer: HunkPlacer,
  wanted: readonly string[],
  { from, atEnd, hasHeader }: { from: number; atEnd: boolean; hasHeader: boolean },
): number | undefined {
  if (wanted.length === 0) return hasHeader && !atEnd ? from : placer.file.lines.length;
  const at = findFirst(placer, wanted, from, atEnd);
  // Some repeat the header's line as the first of the hunk.
  return at === undefined && hasHeader ? findFirst(placer, wanted, from - 1, atEnd) : at;
}

/** The hunk, and the hunk without an empty line at its end: writers count the end of the file as one. */
function variantsOf(lines: readonly HunkLine[]): (readonly HunkLine[])[] {
  const last = lines.at(-1);
  return last?.op === " " && TRIMMED(last.text) === "" && lines.length > 1
    ? [lines, lines.slice(0, -1)]
    : [lines];
}

function findFirst(
  { file, budget }: HunkPlacer,
  wanted: readonly string[],
  from: number,
  atEnd: boolean,
): number | undefined {
  const last = file.lines.length - wanted.length;
  for (const normalise of [AS_IT_IS, WITHOUT_END, TRIMMED]) {
    const found = findRuns(file.normalised(normalise), wanted.map(normalise), budget);
    const at = found.find((each) => each >= from && (!atEnd || each === last));
    if (at !== undefined) return at;
  }
  return undefined;
}
