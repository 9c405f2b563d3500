// Applies the hunks of one file to its content.

import type { Hunk } from "../file-patch.js";
import { hasTooManyLines, LINES_MAX } from "../line-limit.js";
import type { SearchBudget } from "../line-search.js";
import { rejectPatch } from "../patch-errors.js";
import { describeMismatch } from "./describe-mismatch.js";
import { HunkPlacer } from "./hunk-placer.js";
import { placeAfter, type PlacingProblem } from "./place-after.js";
import { placeByNumbers } from "./place-by-numbers.js";
import { replaceLines } from "./replacement.js";
import { TextLines } from "./text-lines.js";

/** `content` has one character per byte. Errors: `patch_rejected`, naming the hunk and the lines that do not match. */
export function applyHunks(
  path: string,
  content: string,
  hunks: readonly Hunk[],
  budget: SearchBudget,
): string {
  const file = readLines(path, content);
  const placer = new HunkPlacer(file, budget);
  for (const [index, hunk] of hunks.entries()) {
    const problem = place(placer, hunk);
    if (!problem) continue;
    const at = { path, hunk: index + 1, patchLine: hunk.patchLine };
    if (problem.kind === "header") {
      throw rejectPatch(
        { ...at, expected: [problem.header] },
        "no line of the file is that of its @@ header",
      );
    }
    const { text, ...details } = describeMismatch(placer, hunk);
    throw rejectPatch({ ...at, ...details }, text);
  }
  return replaceLines(file, placer.replacements);
}

function place(placer: HunkPlacer, hunk: Hunk): PlacingProblem | undefined {
  if (hunk.place.kind === "after") return placeAfter(placer, hunk, hunk.place);
  return placeByNumbers(placer, hunk, hunk.place.oldStart) ? undefined : { kind: "lines" };
}

function readLines(path: string, content: string): TextLines {
  if (hasTooManyLines(content)) throw rejectPatch({ path }, `it has more than ${LINES_MAX} lines`);
  return new TextLines(content);
}
