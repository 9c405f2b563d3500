// A patch in any of the formats that are understood, out of the text that surrounds it.

import { TEXT_FILE_MAX_BYTES } from "../../contract/limits.js";
import { ENVELOPE_BEGIN, parseEnvelope } from "./envelope/parse-envelope.js";
import type { FilePatch } from "./file-patch.js";
import { hasTooManyLines, LINES_MAX } from "./line-limit.js";
import { LineReader } from "./line-reader.js";
import { notAPatch } from "./patch-errors.js";
import { parseUnified } from "./unified/parse-unified.js";

/** Files of one patch. */
const FILES_MAX = 100_000;
const DIFF_BEGIN = /^(?:diff --git |--- )/m;
/** A line that only a patch has, with the line end of another system: the whole patch was written there. */
const CRLF_PATCH = /^(?:diff --git .*|@@ .*|\*\*\* Begin Patch[ \t]*)\r$/m;

/** At least one file. Errors: `invalid_input`, `path_outside_workspace`. */
export function parsePatch(patch: Uint8Array | string): FilePatch[] {
  const text = decode(patch);
  if (text.trim() === "") throw notAPatch("the patch is empty");
  if (hasTooManyLines(text)) throw notAPatch(`the patch has more than ${LINES_MAX} lines`);
  const reader = new LineReader(CRLF_PATCH.test(text) ? text.replaceAll("\r\n", "\n") : text);
  const patches = isEnvelope(text) ? parseEnvelope(reader) : parseUnified(reader);
  if (patches.length === 0) throw notAPatch("there is no change of a file in the patch");
  if (patches.length > FILES_MAX) throw notAPatch(`the patch changes more than ${FILES_MAX} files`);
  return patches;
}

/** One character per byte. */
function decode(patch: Uint8Array | string): string {
  const bytes = Buffer.from(patch);
  if (bytes.length > TEXT_FILE_MAX_BYTES) throw notAPatch("the patch is larger than 64 MiB");
  return bytes.toString("latin1");
}

/** A message in front of a diff may hold the format's first line only behind that diff's own. */
function isEnvelope(text: string): boolean {
  const envelope = text.search(ENVELOPE_BEGIN);
  const diff = text.search(DIFF_BEGIN);
  return envelope >= 0 && (diff < 0 || envelope < diff);
}
