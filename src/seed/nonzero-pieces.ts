// Finds what is not zeros in a buffer, so that the holes of a sparse file stay holes.

import type { ContentPiece } from "./seed.js";

/** Shorter runs of zeros are sent: their own message would be longer. */
const BLOCK_BYTES = 64 * 1024;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

/** The runs of blocks of `bytes` that are not all zeros. `position`: where `bytes` is in its file. */
export function* findPieces(bytes: Buffer, position: number): Generator<ContentPiece> {
  let start: number | undefined;
  for (let offset = 0; offset < bytes.length; offset += BLOCK_BYTES) {
    const end = Math.min(offset + BLOCK_BYTES, bytes.length);
    const isZero = bytes.compare(ZEROS, 0, end - offset, offset, end) === 0;
    if (!isZero) {
      start ??= offset;
    } else if (start !== undefined) {
      yield { offset: position + start, bytes: bytes.subarray(start, offset) };
      start = undefined;
    }
  }
  if (start !== undefined) yield { offset: position + start, bytes: bytes.subarray(start) };
}
