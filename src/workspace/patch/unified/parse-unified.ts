// Unified diffs, plain ones and git's, with prose around them.

import type { FilePatch } from "../file-patch.js";
import type { LineReader } from "../line-reader.js";
import { malformedPatch, notAPatch } from "../patch-errors.js";
import { candidatePaths } from "./candidate-paths.js";
import { parseHeaderName } from "./header-name.js";
import { parseHunks, startsNames } from "./parse-hunks.js";
import { parseGitSection } from "./parse-git-section.js";

/** Errors: `invalid_input`, `path_outside_workspace`. */
export function parseUnified(reader: LineReader): FilePatch[] {
  const patches: FilePatch[] = [];
  for (let line = reader.peek(); line !== undefined; line = reader.peek()) {
    if (line.startsWith("diff --git ")) patches.push(parseGitSection(reader));
    else if (startsNames(reader)) patches.push(parsePlainSection(reader));
    else if (line.startsWith("@@ -"))
      throw malformedPatch(reader.lineNumber, "a hunk without the name of its file");
    else if (line.startsWith("diff --cc ") || line.startsWith("diff --combined ")) {
      throw malformedPatch(reader.lineNumber, "diffs of merges cannot be applied");
    } else if (line === "***************") {
      throw notAPatch("this is a context diff");
    } else reader.skip();
  }
  return patches;
}

function parsePlainSection(reader: LineReader): FilePatch {
  const patchLine = reader.lineNumber;
  const old = parseHeaderName((reader.peek(0) ?? "").slice(4));
  const now = parseHeaderName((reader.peek(1) ?? "").slice(4));
  if (old === undefined && now === undefined) throw malformedPatch(patchLine, "both names are /dev/null");
  const paths = candidatePaths({ old, now });
  reader.skip();
  reader.skip();
  const hunks = parseHunks(reader);
  if (hunks.length === 0)
    throw malformedPatch(patchLine, "no hunk follows the names, such as `@@ -1,3 +1,4 @@`");
  const kind = old === undefined ? "add" : now === undefined ? "delete" : "modify";
  return { kind, paths, oldMode: undefined, newMode: undefined, edit: { kind: "hunks", hunks }, patchLine };
}
