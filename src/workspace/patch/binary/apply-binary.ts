// Makes the new content of a binary file, checked by the ids that git gives contents.

import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { malformedPatch, rejectPatch } from "../patch-errors.js";
import type { BinaryData, BinaryEdit } from "./binary-edit.js";
import { applyGitDelta } from "./git-delta.js";

/** Larger contents are refused: a few bytes of a patch can stand for any number of zeros. */
export const BINARY_MAX_BYTES = 64 * 1024 * 1024;

export interface BinaryTask {
  readonly path: string;
  /** Undefined: the file is new. */
  readonly old: Uint8Array | undefined;
  readonly isDeletion: boolean;
}

/** Errors: `patch_rejected` when the old content is another one, `invalid_input` when the patch is damaged. */
export function applyBinary(edit: BinaryEdit, { path, old, isDeletion }: BinaryTask): Buffer {
  if (old && edit.oldId !== undefined && !hasId(old, edit.oldId)) {
    throw rejectPatch({ path }, "the patch was made for another content of this binary file");
  }
  // Who deletes does not need the content, only the certainty that it is the right one.
  if (isDeletion && edit.oldId !== undefined && isWholeId(edit.oldId)) return Buffer.of();
  if (!edit.forward) {
    throw rejectPatch(
      { path },
      "the patch has no content of this binary file; make it with `git diff --binary`",
    );
  }
  const made = make(edit.forward, old ?? Buffer.of());
  if (edit.newId !== undefined && !isNoId(edit.newId) && !hasId(made, edit.newId)) {
    throw malformedPatch(edit.forward.patchLine, "the binary content is not what the patch says it is");
  }
  return made;
}

function make(data: BinaryData, old: Uint8Array): Buffer {
  const bytes = inflate(data);
  const made = data.kind === "literal" ? bytes : applyGitDelta(old, bytes, BINARY_MAX_BYTES);
  if (!made) throw malformedPatch(data.patchLine, "the delta is damaged, or for another content");
  return made;
}

function inflate({ compressed, sizeBytes, patchLine }: BinaryData): Buffer {
  if (sizeBytes > BINARY_MAX_BYTES) {
    throw malformedPatch(patchLine, `binary content of more than ${BINARY_MAX_BYTES / 1024 / 1024} MiB`);
  }
  let bytes: Buffer;
  try {
    bytes = inflateSync(compressed, { maxOutputLength: Math.max(1, sizeBytes) });
  } catch {
    throw malformedPatch(patchLine, "damaged binary content");
  }
  if (bytes.length !== sizeBytes)
    throw malformedPatch(patchLine, "binary content of another length than it says");
  return bytes;
}

/** SHA-256 in repositories that use it. */
function hasId(content: Uint8Array, id: string): boolean {
  if (isNoId(id)) return content.length === 0;
  const hash = createHash(id.length > 40 ? "sha256" : "sha1");
  return hash.update(`blob ${content.length}\0`).update(content).digest("hex").startsWith(id);
}

function isWholeId(id: string): boolean {
  return id.length === 40 || id.length === 64;
}

function isNoId(id: string): boolean {
  return /^0+$/.test(id);
}
