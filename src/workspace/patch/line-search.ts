// Finds a run of lines among many, in time that grows with their count and not with their product.

import { PyroError } from "../../contract/errors.js";

/** Lines that may be looked at for one patch: made for it, a patch could keep the host busy for hours. */
const MAX_STEPS = 50_000_000;

export class SearchBudget {
  #steps = MAX_STEPS;

  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps >= 0) return;
    throw new PyroError("invalid_input", "the patch needs too much searching", {
      hint: "Split it, or give hunks the line numbers of the files as they are now.",
    });
  }
}

/** Where `wanted`, which is not empty, stands in `lines`; overlapping places too. */
export function findRuns(
  lines: readonly string[],
  wanted: readonly string[],
  budget: SearchBudget,
): number[] {
  const found: number[] = [];
  for (const { at, count } of findBeginnings(lines, wanted, budget))
    if (count === wanted.length) found.push(at);
  return found;
}

/** Where the longest beginning of `wanted` stands, of several the one nearest to `expected`. */
export function findLongestBeginning(
  lines: readonly string[],
  wanted: readonly string[],
  expected: number,
  budget: SearchBudget,
): { readonly at: number; readonly count: number } {
  let best = { at: expected, count: 0 };
  for (const { at, count } of findBeginnings(lines, wanted, budget)) {
    const isNearer = Math.abs(at - expected) < Math.abs(best.at - expected);
    if (count > best.count || (count === best.count && count > 0 && isNearer)) best = { at, count };
  }
  return best;
}

/** For each line, the longest beginning of `wanted` that ends with it. (Knuth, Morris, Pratt.) */
function* findBeginnings(
  lines: readonly string[],
  wanted: readonly string[],
  budget: SearchBudget,
): Generator<{ readonly at: number; readonly count: number }> {
  budget.spend(lines.length + wanted.length);
  const borders = bordersOf(wanted);
  let count = 0;
  for (const [index, line] of lines.entries()) {
    while (count > 0 && (count === wanted.length || wanted[count] !== line)) count = borders[count - 1] ?? 0;
    if (wanted[count] === line) count++;
    if (count > 0) yield { at: index + 1 - count, count };
  }
}

export function matchesAt(lines: readonly string[], wanted: readonly string[], at: number): boolean {
  return (
    at >= 0 && at + wanted.length <= lines.length && wanted.every((line, index) => lines[at + index] === line)
  );
}

/** For each prefix, the length of the longest shorter prefix that it also ends with. */
function bordersOf(wanted: readonly string[]): number[] {
  const borders = [0];
  for (let index = 1, length = 0; index < wanted.length; index++) {
    while (length > 0 && wanted[length] !== wanted[index]) length = borders[length - 1] ?? 0;
    if (wanted[length] === wanted[index]) length++;
    borders.push(length);
  }
  return borders;
}
