// The `*** Begin Patch` format: files by name, and hunks that are found by their lines, without numbers.

import type { FilePatch, Hunk, HunkLine } from "../file-patch.js";
import type { LineReader } from "../line-reader.js";
import { malformedPatch } from "../patch-errors.js";
import { resolvePatchPath } from "../patch-path.js";

export const ENVELOPE_BEGIN = /^\*\*\* Begin Patch[ \t]*$/m;

const END = /^\*\*\* End Patch[ \t]*$/;
const FILE = /^\*\*\* (Add|Update|Delete) File: *(.*?)[ \t]*$/;
const MOVE = /^\*\*\* Move to: *(.*?)[ \t]*$/;
const END_OF_FILE = /^\*\*\* End of File[ \t]*$/;
/** A hunk's header as in a unified diff, which some write here too. */
const NUMBERS = /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/;

/** Errors: `invalid_input`, `path_outside_workspace`. */
export function parseEnvelope(reader: LineReader): FilePatch[] {
  while (!ENVELOPE_BEGIN.test(reader.peek() ?? "*** Begin Patch")) reader.skip();
  reader.skip();
  const patches: FilePatch[] = [];
  for (;;) {
    const line = reader.peek();
    if (line === undefined) {
      const hint = "Give the whole patch.";
      throw malformedPatch(reader.lineNumber, "the patch ends without `*** End Patch`", hint);
    }
    if (END.test(line)) return patches;
    const [, act, name] = FILE.exec(line) ?? [];
    if (act !== undefined && name !== undefined) patches.push(parseFile(reader, act, name));
    else if (line.trim() === "") reader.skip();
    else {
      const hint = "A file begins with `*** Add File: `, `*** Update File: ` or `*** Delete File: `.";
      throw malformedPatch(reader.lineNumber, "neither a file nor `*** End Patch`", hint);
    }
  }
}

function parseFile(reader: LineReader, act: string, name: string): FilePatch {
  const patchLine = reader.lineNumber;
  const path = resolvePatchPath(name);
  reader.skip();
  const base = {
    paths: [{ from: path, to: path }] as const,
    oldMode: undefined,
    newMode: undefined,
    patchLine,
  };
  if (act === "Delete") return { ...base, kind: "delete", edit: { kind: "any_content" } };
  if (act === "Add") {
    const lines = readLines(reader, (line) => line.startsWith("+"));
    const place = { kind: "lines", oldStart: 0, newStart: 1 } as const;
    const edit = { kind: "hunks", hunks: [{ patchLine, place, lines }] } as const;
    return { ...base, kind: "add", edit: lines.length === 0 ? { kind: "none" } : edit };
  }
  const [, target] = MOVE.exec(reader.peek() ?? "") ?? [];
  if (target !== undefined) reader.skip();
  const hunks = parseHunks(reader);
  if (hunks.length === 0 && target === undefined)
    throw malformedPatch(patchLine, "an update without a change");
  const edit = { kind: "hunks", hunks } as const;
  if (target === undefined) return { ...base, kind: "modify", edit };
  return { ...base, kind: "rename", paths: [{ from: path, to: resolvePatchPath(target) }], edit };
}

function parseHunks(reader: LineReader): Hunk[] {
  const hunks: Hunk[] = [];
  for (let line = reader.peek(); line !== undefined && isHunkLine(line); line = reader.peek()) {
    const patchLine = reader.lineNumber;
    const headers = readHeaders(reader);
    const lines = readLines(reader, (each) => /^[ +-]/.test(each));
    const atEnd = END_OF_FILE.test(reader.peek() ?? "");
    if (atEnd) reader.skip();
    if (lines.length > 0) hunks.push({ patchLine, place: { kind: "after", headers, atEnd }, lines });
    else if (headers.length > 0) throw malformedPatch(patchLine, "a hunk without lines");
  }
  return hunks;
}

/** One below the other, they narrow down where the hunk is. */
function readHeaders(reader: LineReader): string[] {
  const headers: string[] = [];
  for (let line = reader.peek(); line?.startsWith("@@") === true; line = reader.peek()) {
    const header = line.slice(2).trim();
    if (header !== "" && !NUMBERS.test(line)) headers.push(header);
    reader.skip();
  }
  return headers;
}

/** Lines without anything between them are empty lines; at their end they are none of theirs. */
function readLines(reader: LineReader, isLine: (line: string) => boolean): HunkLine[] {
  const lines: HunkLine[] = [];
  let count = 0;
  for (let line = reader.peek(); line !== undefined && (line === "" || isLine(line)); line = reader.peek()) {
    const op = line[0] === "+" || line[0] === "-" ? line[0] : " ";
    lines.push({ op, text: `${line.slice(1)}\n` });
    if (line !== "") count = lines.length;
    reader.skip();
  }
  return lines.slice(0, count);
}

function isHunkLine(line: string): boolean {
  return line === "" || line.startsWith("@@") || /^[ +-]/.test(line);
}
