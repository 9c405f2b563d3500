// Whole characters of a piece that was cut out of UTF-8 text anywhere.

/** Bytes of the longest character. */
export const UTF8_CHARACTER_BYTES = 4;

export interface Utf8Piece {
  /** Bytes at the start that belong to a character before the piece. */
  readonly skippedBytes: number;
  readonly bytes: Uint8Array;
}

/** Leaves out the parts of characters at the piece's ends, but for those that are ends of the file itself. */
export function cutUtf8(piece: Uint8Array, ends: { atStart: boolean; atEnd: boolean }): Utf8Piece {
  let begin = 0;
  if (!ends.atStart) {
    while (begin < UTF8_CHARACTER_BYTES - 1 && isContinuation(piece[begin])) begin++;
  }
  let end = piece.length;
  if (!ends.atEnd) {
    let lead = end - 1;
    while (lead > begin && lead > end - UTF8_CHARACTER_BYTES && isContinuation(piece[lead])) lead--;
    if (lead >= begin && lead + announcedBytes(piece[lead]) > end) end = lead;
  }
  return { skippedBytes: begin, bytes: piece.subarray(begin, end) };
}

/** Length that a character's first byte announces; 1 for what cannot begin one. */
function announcedBytes(lead = 0): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}
