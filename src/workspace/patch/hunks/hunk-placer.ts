// What both ways to place hunks have in common: the file, what is already taken of it, and the search's budget.

import type { Hunk } from "../file-patch.js";
import type { SearchBudget } from "../line-search.js";
import { countContext, type Replacement, replacementAt } from "./replacement.js";
import type { TextLines } from "./text-lines.js";

export class HunkPlacer {
  readonly file: TextLines;
  readonly budget: SearchBudget;
  readonly replacements: Replacement[] = [];
  /** Behind the replacement that reaches furthest. */
  #takenTo = 0;
  /** How much further down than their numbers say hunks have been found. */
  drift = 0;

  constructor(file: TextLines, budget: SearchBudget) {
    this.file = file;
    this.budget = budget;
  }

  get takenTo(): number {
    return this.#takenTo;
  }

  /** No earlier hunk changes what these lines would change at `at`. */
  isFree(at: number, lines: Hunk["lines"]): boolean {
    const { leading } = countContext(lines);
    if (at + leading >= this.#takenTo) return true;
    this.budget.spend(lines.length + this.replacements.length);
    const { start, end } = replacementAt(at, lines, this.file);
    return this.replacements.every((other) => end <= other.start || start >= other.end);
  }

  take(at: number, lines: Hunk["lines"]): void {
    const replacement = replacementAt(at, lines, this.file);
    this.replacements.push(replacement);
    this.#takenTo = Math.max(this.#takenTo, replacement.end);
  }
}
