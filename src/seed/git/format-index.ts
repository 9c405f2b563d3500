// Writes an index for a guest: the same entries, with the times and sizes that the seed's files have there.

import { createHash } from "node:crypto";
import { type IndexEntry, idBytesOf, type ObjectFormat } from "./index-file.js";

/** An entry to write. `stat` undefined: Git has to read the file before it can say whether it was modified. */
export interface FreshIndexEntry extends Omit<IndexEntry, "stat"> {
  readonly stat: { readonly mtimeSeconds: number; readonly sizeBytes: number } | undefined;
}

export interface IndexToWrite {
  /** In the order of an index: by path, then by stage. */
  readonly entries: readonly FreshIndexEntry[];
  /** The trees that the entries are known to make up: the contents of the extension `TREE`. */
  readonly cacheTree: Buffer | undefined;
}

const EXTENDED = 0x4000;
const PATH_LENGTH_MAX = 0xfff;

/** The bytes of an index, version 2, or 3 when an entry has flags that 2 does not know. */
export function formatIndex({ entries, cacheTree }: IndexToWrite, format: ObjectFormat): Buffer {
  const isExtended = entries.some(({ extendedFlags }) => extendedFlags !== 0);
  const idBytes = idBytesOf(format);
  const treeBytes = cacheTree ? 8 + cacheTree.length : 0;
  const size = 12 + entries.reduce((sum, entry) => sum + entryBytes(entry, idBytes), 0) + treeBytes;
  const bytes = Buffer.alloc(size + idBytes);
  bytes.write("DIRC", "latin1");
  bytes.writeUInt32BE(isExtended ? 3 : 2, 4);
  bytes.writeUInt32BE(entries.length, 8);
  let position = 12;
  for (const entry of entries) {
    writeEntry(bytes, position, entry, idBytes);
    position += entryBytes(entry, idBytes);
  }
  if (cacheTree) {
    bytes.write("TREE", position, "latin1");
    bytes.writeUInt32BE(cacheTree.length, position + 4);
    cacheTree.copy(bytes, position + 8);
  }
  createHash(format).update(bytes.subarray(0, size)).digest().copy(bytes, size);
  return bytes;
}

/** At least one NUL ends the path, and the length is a multiple of eight. */
function entryBytes({ path, extendedFlags }: FreshIndexEntry, idBytes: number): number {
  const pathAt = 40 + idBytes + (extendedFlags === 0 ? 2 : 4);
  return Math.floor((pathAt + path.length) / 8) * 8 + 8;
}

/** ctime, device, inode, owner and group stay 0: with `core.checkStat=minimal` Git looks at none of them. */
function writeEntry(bytes: Buffer, start: number, entry: FreshIndexEntry, idBytes: number): void {
  const { path, mode, objectId, flags, extendedFlags, stat } = entry;
  bytes.writeUInt32BE((stat?.mtimeSeconds ?? 0) >>> 0, start + 8);
  bytes.writeUInt32BE(mode, start + 24);
  bytes.writeUInt32BE((stat?.sizeBytes ?? 0) >>> 0, start + 36);
  objectId.copy(bytes, start + 40);
  const flagsAt = start + 40 + idBytes;
  const isExtended = extendedFlags !== 0;
  bytes.writeUInt16BE(flags | (isExtended ? EXTENDED : 0) | Math.min(path.length, PATH_LENGTH_MAX), flagsAt);
  if (isExtended) bytes.writeUInt16BE(extendedFlags, flagsAt + 2);
  bytes.write(path, flagsAt + (isExtended ? 4 : 2), "latin1");
}
