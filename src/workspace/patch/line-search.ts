// Finds a run of lines among many, in time that grows with their count and not with their product.

import { PyroError } from "../../contract/errors.js";

/** Lines that may be looked at for one patch: made for it, a patch could keep the host busy for hours. */
const MAX_STEPS = 300_000_000;

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

/** Where `wanted`, which is not empty, stands in `lines`; overlapping places too. (Knuth, Morris, Pratt.) */
export function findRuns(
  lines: readonly string[],
  wanted: readonly string[],
  budget: SearchBudget,
): number[] {
  budget.spend(lines.length + wanted.length);
  const borders = bordersOf(wanted);
  const found: number[] = [];
  let matched = 0;
  for (const [index, line] of lines.entries()) {
    while (matched > 0 && (matched === wanted.length || wanted[matched] !== line))
      matched = borders[matched - 1] ?? 0;
    if (wanted[matched] === line) matched++;
    if (matched === wanted.length) found.push(index + 1 - matched);
  }
  return found;
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
