// What is wrong with a patch, in words that help to make a better one.

import { PyroError } from "../../contract/errors.js";

/** Characters of a line of content that an error shows. */
const SHOWN_MAX = 160;

const SHAPES = [
  "a unified diff (`--- a/FILE`, `+++ b/FILE`, `@@ -1,3 +1,4 @@`, lines that begin with a space, + or -),",
  "a git diff (`diff --git a/FILE b/FILE` …), or `*** Begin Patch`, `*** Update File: FILE`, `@@`,",
  "lines as in a diff, `*** End Patch`.",
].join(" ");

/** There is no patch in the text. */
export function notAPatch(problem: string): PyroError {
  return new PyroError("invalid_input", problem, { hint: `Give ${SHAPES}` });
}

/** The text is a patch, but not a whole one. */
export function malformedPatch(patchLine: number, problem: string, hint?: string): PyroError {
  return new PyroError("invalid_input", `line ${patchLine} of the patch: ${problem}`, {
    hint: hint ?? "Make the patch anew; nothing was changed.",
    details: { patch_line: patchLine },
  });
}

export interface RejectionPlace {
  readonly path: string;
  readonly hunk?: number | undefined;
  /** In the patch. */
  readonly patchLine?: number | undefined;
  /** In the file. */
  readonly fileLine?: number | undefined;
  readonly expected?: readonly string[];
  readonly found?: readonly string[];
}

/** The patch does not fit to what is in the workspace. */
export function rejectPatch(place: RejectionPlace, problem: string): PyroError {
  const { path, hunk, patchLine, fileLine, expected, found } = place;
  const where = hunk === undefined ? "" : `: hunk ${hunk} (line ${patchLine ?? 0} of the patch)`;
  return new PyroError("patch_rejected", `${showText(path)}${where}: ${problem}`, {
    details: {
      path: showText(path),
      ...(hunk !== undefined && { hunk }),
      ...(patchLine !== undefined && { patch_line: patchLine }),
      ...(fileLine !== undefined && { file_line: fileLine }),
      ...(expected && { expected: expected.map(showText) }),
      ...(found && { found: found.map(showText) }),
    },
  });
}

/** Bytes as text, cut off when they are long. */
export function showText(bytes: string): string {
  const text = Buffer.from(bytes.slice(0, SHOWN_MAX * 4), "latin1").toString("utf8");
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
