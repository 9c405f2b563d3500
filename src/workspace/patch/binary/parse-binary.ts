// `GIT binary patch`, or the line that says that binary files differ.

import type { LineReader } from "../line-reader.js";
import { malformedPatch } from "../patch-errors.js";
import { decodeBase85Line } from "./base85.js";
import type { BinaryData, BinaryEdit } from "./binary-edit.js";

const HEADER = /^(literal|delta) (\d{1,12})$/;

/** The reader stands at the line that begins it. */
export function parseBinary(reader: LineReader, ids: Pick<BinaryEdit, "oldId" | "newId">): BinaryEdit {
  const patchLine = reader.lineNumber;
  const hasContent = reader.peek() === "GIT binary patch";
  reader.skip();
  if (!hasContent) return { kind: "binary", ...ids, forward: undefined, backward: undefined };
  const forward = parseData(reader);
  if (!forward) throw malformedPatch(patchLine, "a binary patch without `literal` or `delta`");
  return { kind: "binary", ...ids, forward, backward: parseData(reader) };
}

function parseData(reader: LineReader): BinaryData | undefined {
  const patchLine = reader.lineNumber;
  const [, kind, size] = HEADER.exec(reader.peek() ?? "") ?? [];
  if (kind === undefined) return undefined;
  reader.skip();
  const pieces: Buffer[] = [];
  for (let line = reader.peek(); line !== undefined && line !== ""; line = reader.peek()) {
    const piece = decodeBase85Line(line);
    if (!piece) throw malformedPatch(reader.lineNumber, "damaged binary content");
    pieces.push(piece);
    reader.skip();
  }
  reader.skip();
  const compressed = Buffer.concat(pieces);
  return { kind: kind === "delta" ? "delta" : "literal", sizeBytes: Number(size), compressed, patchLine };
}
