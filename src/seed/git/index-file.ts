// Git's index: the list of tracked files, with what Git remembers of each so that it need not read it again.
// Format: gitformat-index(5), versions 2 to 4. The file is somebody else's: every length is checked.

import { createHash } from "node:crypto";

export interface IndexEntry {
  /** Relative to the checkout's top, one character per byte. */
  readonly path: string;
  readonly mode: number;
  readonly objectId: Buffer;
  /** Assume-valid (0x8000) and the stage (0x3000); the rest is about the path's length. */
  readonly flags: number;
  /** Skip-worktree and intent-to-add. */
  readonly extendedFlags: number;
  readonly stat: IndexStat;
}

/** Numbers have 32 bits. */
export interface IndexStat {
  readonly ctimeSeconds: number;
  readonly ctimeNanoseconds: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly ino: number;
  readonly sizeBytes: number;
}

export interface GitIndex {
  readonly entries: readonly IndexEntry[];
  /** Contents by signature. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

export type ObjectFormat = "sha1" | "sha256";

const ID_BYTES = { sha1: 20, sha256: 32 } as const;
const HEADER_BYTES = 12;
const STAT_BYTES = 40;
const EXTENDED = 0x4000;

export function idBytesOf(format: ObjectFormat): number {
  return ID_BYTES[format];
}

/** Throws a RangeError when it is no sound index. What the paths lead to is not judged. */
export function parseIndex(bytes: Buffer, format: ObjectFormat): GitIndex {
  const idBytes = ID_BYTES[format];
  const end = bytes.length - idBytes;
  if (end < HEADER_BYTES || bytes.toString("latin1", 0, 4) !== "DIRC")
    throw damaged("it does not begin like one");
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) throw damaged(`its version is ${version}`);
  checkSum(bytes, end, format);
  const reader = new EntryReader(bytes, end, idBytes, version);
  const entries: IndexEntry[] = [];
  const count = bytes.readUInt32BE(8);
  while (entries.length < count) entries.push(reader.next());
  return { entries, extensions: readExtensions(bytes, reader.position, end) };
}

class EntryReader {
  position = HEADER_BYTES;
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #idBytes: number;
  readonly #version: number;
  #previousPath = "";

  constructor(bytes: Buffer, end: number, idBytes: number, version: number) {
    this.#bytes = bytes;
    this.#end = end;
    this.#idBytes = idBytes;
    this.#version = version;
  }

  next(): IndexEntry {
    const bytes = this.#bytes;
    const start = this.position;
    const flagsAt = start + STAT_BYTES + this.#idBytes;
    if (flagsAt + 4 > this.#end) throw damaged("it is too short");
    const flags = bytes.readUInt16BE(flagsAt);
    const isExtended = this.#version >= 3 && (flags & EXTENDED) !== 0;
    this.position = flagsAt + (isExtended ? 4 : 2);
    const path = this.#version === 4 ? this.#readCompressedPath() : this.#readPath(start);
    this.#previousPath = path;
    return {
      path,
      mode: bytes.readUInt32BE(start + 24),
      objectId: bytes.subarray(start + STAT_BYTES, flagsAt),
      flags: flags & 0xb000,
      extendedFlags: isExtended ? bytes.readUInt16BE(flagsAt + 2) : 0,
      stat: {
        ctimeSeconds: bytes.readUInt32BE(start),
        ctimeNanoseconds: bytes.readUInt32BE(start + 4),
        mtimeSeconds: bytes.readUInt32BE(start + 8),
        mtimeNanoseconds: bytes.readUInt32BE(start + 12),
        ino: bytes.readUInt32BE(start + 20),
        sizeBytes: bytes.readUInt32BE(start + 36),
      },
    };
  }

  /** NUL-terminated; one to eight NULs make the entry's length a multiple of eight. */
  #readPath(start: number): string {
    const path = this.#readString();
    this.position = start + Math.ceil((this.position - start) / 8) * 8;
    return path;
  }

  /** How much of the previous path's end goes, then what comes in its place. */
  #readCompressedPath(): string {
    const dropped = this.#readVariableNumber();
    const kept = this.#previousPath.length - dropped;
    if (kept < 0) throw damaged("it has a path without a beginning");
    return this.#previousPath.slice(0, kept) + this.#readString();
  }

  #readString(): string {
    const end = this.#bytes.indexOf(0, this.position);
    if (end < 0 || end >= this.#end) throw damaged("it has a path without an end");
    const text = this.#bytes.toString("latin1", this.position, end);
    this.position = end + 1;
    return text;
  }

  /** The encoding of offsets in packs: gitformat-pack(5). */
  #readVariableNumber(): number {
    let byte = this.#readByte();
    let value = byte & 0x7f;
    while (byte & 0x80) {
      byte = this.#readByte();
      value = (value + 1) * 128 + (byte & 0x7f);
      if (value > this.#end) throw damaged("it has a number that is too large");
    }
    return value;
  }

  #readByte(): number {
    const byte = this.#bytes[this.position];
    if (byte === undefined) throw damaged("it is too short");
    this.position += 1;
    return byte;
  }
}

function readExtensions(bytes: Buffer, start: number, end: number): Map<string, Buffer> {
  const extensions = new Map<string, Buffer>();
  for (let position = start; position + 8 <= end;) {
    const signature = bytes.toString("latin1", position, position + 4);
    const contentEnd = position + 8 + bytes.readUInt32BE(position + 4);
    if (contentEnd > end) throw damaged("it has an extension without an end");
    extensions.set(signature, bytes.subarray(position + 8, contentEnd));
    position = contentEnd;
  }
  return extensions;
}

/** Zeros: Git was told to leave the sum out. */
function checkSum(bytes: Buffer, end: number, format: ObjectFormat): void {
  const expected = bytes.subarray(end);
  if (expected.every((byte) => byte === 0)) return;
  if (!createHash(format).update(bytes.subarray(0, end)).digest().equals(expected))
    throw damaged("its sum is wrong");
}

function damaged(reason: string): RangeError {
  return new RangeError(`the index is damaged: ${reason}`);
}
