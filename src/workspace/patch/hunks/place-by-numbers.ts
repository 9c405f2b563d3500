// Finds the place of a hunk with line numbers: there, or at the nearest place where its old lines stand.

import type { Hunk, HunkLine } from "../file-patch.js";
import { findRuns, matchesAt } from "../line-search.js";
import type { HunkPlacer } from "./hunk-placer.js";
import { countContext, oldLines } from "./replacement.js";
import type { TextLines } from "./text-lines.js";

interface Variant {
  readonly lines: readonly HunkLine[];
  /** It stands at the end of the file or nowhere. */
  readonly isAtEnd: boolean;
}

/** False: its old lines are nowhere. `oldStart` as in HunkPlace. */
export function placeByNumbers(placer: HunkPlacer, hunk: Hunk, oldStart: number | undefined): boolean {
  for (const variant of variantsOf(hunk.lines, placer.file)) {
    const at = findPlace(placer, variant, oldStart);
    if (at === undefined) continue;
    placer.take(at, variant.lines);
    if (oldStart !== undefined) placer.drift = at - numberedPlace(variant.lines, oldStart);
    return true;
  }
  return false;
}

/** From 0. */
function numberedPlace(lines: readonly HunkLine[], oldStart: number): number {
  return lines.every(({ op }) => op === "+") ? oldStart : oldStart - 1;
}

function findPlace(
  placer: HunkPlacer,
  { lines, isAtEnd }: Variant,
  oldStart: number | undefined,
): number | undefined {
  const { file, budget, takenTo } = placer;
  const wanted = oldLines(lines);
  const expected = oldStart === undefined ? undefined : numberedPlace(lines, oldStart) + placer.drift;
  if (wanted.length === 0) {
    return expected !== undefined && expected >= 0 && expected <= file.lines.length ? expected : undefined;
  }
  const last = file.lines.length - wanted.length;
  const fits = (at: number) => (!isAtEnd || at === last) && placer.isFree(at, lines);
  const matches = (at: number) => matchesAt(file.lines, wanted, at) && fits(at);
  // Fewer lines around a change on one side mean that the file began or ended there.
  const { leading, trailing } = countContext(lines);
  if (trailing === 0 && leading > 0 && matches(last)) return last;
  if (expected !== undefined && matches(expected)) return expected;
  const places = findRuns(file.lines, wanted, budget).filter(fits);
  if (expected === undefined) {
    // Nothing says which of several is meant.
    const [only, ...others] = places.filter((at) => at >= takenTo);
    return others.length === 0 ? only : undefined;
  }
  if (trailing < leading && places.at(-1) === last) return last;
  if (leading < trailing && places[0] === 0) return 0;
  return places.reduce<number | undefined>((best, at) => {
    return best === undefined || Math.abs(at - expected) <= Math.abs(best - expected) ? at : best;
  }, undefined);
}

/** The hunk as it is, and as it may be meant: without the CRs of the file's lines, or with a last line end that it lacks. */
function variantsOf(lines: readonly HunkLine[], file: TextLines): Variant[] {
  const variants: Variant[] = [{ lines, isAtEnd: false }];
  if (file.lineEnd === "\r\n" && !lines.some(({ text }) => text.endsWith("\r\n"))) {
    variants.push({ lines: lines.map(withCr), isAtEnd: false });
  }
  if (file.isEnded) return variants;
  return [
    ...variants,
    ...variants.map((variant) => ({ lines: withoutLastEnds(variant.lines), isAtEnd: true })),
  ];
}

function withCr({ op, text }: HunkLine): HunkLine {
  return { op, text: text.endsWith("\n") ? `${text.slice(0, -1)}\r\n` : text };
}

/** Of the last old and the last new line. */
function withoutLastEnds(lines: readonly HunkLine[]): HunkLine[] {
  const lastOld = lines.findLastIndex(({ op }) => op !== "+");
  const lastNew = lines.findLastIndex(({ op }) => op !== "-");
  return lines.map((line, index) => {
    return index === lastOld || index === lastNew
      ? { op: line.op, text: line.text.replace(/\r?\n$/, "") }
      : line;
  });
}
