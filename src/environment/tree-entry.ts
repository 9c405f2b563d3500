// One entry of an installed tree and the line that records it in the install's listing.
//
// A line is `TYPE SIZE MODE MTIME PATH`: size in bytes (0 but for files and links), mode in octal, mtime in
// milliseconds. The path is relative, byte for byte, with everything but plain ASCII written as %XX: names may
// hold newlines, and need not be UTF-8.

import type { Stats } from "node:fs";

export type EntryType = "file" | "directory" | "link" | "other";

export interface TreeEntry {
  /** One character per byte of the name, as in Node's "latin1"; "" is the root itself. */
  readonly path: string;
  readonly type: EntryType;
  readonly sizeBytes: number;
  /** Permissions with setuid, setgid and sticky. */
  readonly mode: number;
  readonly mtimeMs: number;
}

const TYPE_LETTERS = { file: "f", directory: "d", link: "l", other: "o" } as const;
const TYPES: ReadonlyMap<string, EntryType> = new Map([
  ["f", "file"],
  ["d", "directory"],
  ["l", "link"],
  ["o", "other"],
]);
const LINE = /^([fdlo]) (\d{1,16}) ([0-7]{1,4}) (-?\d{1,16}) ([!-~]*)$/;

export function describeEntry(path: string, stats: Stats): TreeEntry {
  const type = stats.isFile()
    ? "file"
    : stats.isDirectory()
      ? "directory"
      : stats.isSymbolicLink()
        ? "link"
        : "other";
  return {
    path,
    type,
    // A directory's size is the file system's own business.
    sizeBytes: type === "file" || type === "link" ? stats.size : 0,
    mode: stats.mode & 0o7777,
    mtimeMs: Math.floor(stats.mtimeMs),
  };
}

export function formatEntry(entry: TreeEntry): string {
  const path = entry.path.replace(
    /[^!-$&-~]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `${TYPE_LETTERS[entry.type]} ${entry.sizeBytes} ${entry.mode.toString(8)} ${entry.mtimeMs} ${path}`;
}

/** The entry of a line; undefined when it is no line of a listing. */
export function parseEntry(line: string): TreeEntry | undefined {
  const [, letter = "", size = "", mode = "", mtime = "", path = ""] = LINE.exec(line) ?? [];
  const type = TYPES.get(letter);
  if (!type) return undefined;
  return {
    path: path.replace(/%([0-9a-f]{2})/g, (_, byte: string) => String.fromCharCode(parseInt(byte, 16))),
    type,
    sizeBytes: Number(size),
    mode: parseInt(mode, 8),
    mtimeMs: Number(mtime),
  };
}
