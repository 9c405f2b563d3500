// What content that is no text looks like, by its first bytes.

/** How a kind of file begins; the bytes as one character each. */
const SIGNATURES: readonly (readonly [signature: string, name: string])[] = [
  ["\x7fELF", "an ELF program or library"],
  ["\x89PNG\r\n\x1a\n", "a PNG image"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["GIF8", "a GIF image"],
  ["%PDF-", "a PDF document"],
  ["\x1f\x8b", "gzip data"],
  ["\xfd7zXZ\0", "xz data"],
  ["\x28\xb5\x2f\xfd", "zstd data"],
  ["BZh", "bzip2 data"],
  ["PK\x03\x04", "a zip archive"],
  ["SQLite format 3\0", "an SQLite database"],
  ["\0asm", "a WebAssembly module"],
  ["\xff\xfe", "text in UTF-16"],
  ["\xfe\xff", "text in UTF-16"],
];
const TAR_MAGIC = { offset: 257, text: "ustar" } as const;

/** Bytes of a file's start that are enough to tell. */
export const SIGNATURE_BYTES = 512;

/** A name for people; `head` is the start of the file. */
export function describeContent(head: Uint8Array): string {
  const bytes = Buffer.from(head).toString("latin1");
  const known = SIGNATURES.find(([signature]) => bytes.startsWith(signature))?.[1];
  if (known !== undefined) return known;
  return bytes.startsWith(TAR_MAGIC.text, TAR_MAGIC.offset) ? "a tar archive" : "binary data";
}
