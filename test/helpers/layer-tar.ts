// A tar that a guest can be started on: `./` first, every parent, sorted, PAX records where a header has no room.

import { writeFile } from "node:fs/promises";

export interface TarEntry {
  /** One character for each byte, as names in the code are; without `./`. "" is the root. */
  readonly path: string;
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "fifo";
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly content?: Buffer;
  /** Of a symlink as it stands there; of a hard link a path in the tar. */
  readonly target?: string;
}

const TYPE_FLAGS = { file: "0", hardlink: "1", symlink: "2", directory: "5", fifo: "6" } as const;
const BLOCK_BYTES = 512;
const NAME_BYTES = 100;
/** The first second of 2024: captures keep whole seconds. */
export const TAR_MTIME_SECONDS = 1_704_067_200;

/** Writes the entries with the parents that they lack. */
export async function writeLayerTar(file: string, entries: readonly TarEntry[]): Promise<void> {
  await writeFile(file, buildLayerTar(entries));
}

export function buildLayerTar(entries: readonly TarEntry[]): Buffer {
  const all = new Map<string, TarEntry>();
  for (const entry of entries) {
    const parts = entry.path.split("/");
    for (let depth = 0; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join("/");
      if (entry.path !== "" && !all.has(parent)) all.set(parent, { path: parent, type: "directory" });
    }
    all.set(entry.path, entry);
  }
  // A hard link comes after what it names, whatever it is called.
  const rank = ({ type }: TarEntry) => (type === "hardlink" ? 1 : 0);
  const sorted = [...all.values()].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  return Buffer.concat([...sorted.flatMap(formatEntry), Buffer.alloc(2 * BLOCK_BYTES)]);
}

/** How a tar of one file of that size begins: its content is to follow, in whole blocks, and two empty blocks. */
export function startLayerTar(name: string, sizeBytes: number): Buffer {
  const root = formatHeader({ path: "", type: "directory" }, "./", "", TYPE_FLAGS.directory, 0);
  const file = formatHeader({ path: name, type: "file" }, `./${name}`, "", TYPE_FLAGS.file, sizeBytes);
  return Buffer.concat([root, file]);
}

function formatEntry(entry: TarEntry): Buffer[] {
  const name = entry.path === "" ? "./" : `./${entry.path}${entry.type === "directory" ? "/" : ""}`;
  const target = entry.type === "hardlink" ? `./${entry.target ?? ""}` : (entry.target ?? "");
  const records = [
    ...(name.length > NAME_BYTES ? [formatPaxRecord("path", name)] : []),
    ...(target.length > NAME_BYTES ? [formatPaxRecord("linkpath", target)] : []),
  ];
  const pax = Buffer.from(records.join(""), "latin1");
  const content = entry.content ?? Buffer.alloc(0);
  return [
    ...(pax.length > 0
      ? [formatHeader({ ...entry, type: "file" }, "PaxHeader", "", "x", pax.length), pad(pax)]
      : []),
    formatHeader(entry, name, target, TYPE_FLAGS[entry.type], content.length),
    pad(content),
  ];
}

/** "LENGTH KEY=VALUE\n", whose length counts itself. */
function formatPaxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const digits = String(rest.length + String(rest.length + 2).length).length;
  return `${rest.length + digits}${rest}`;
}

function formatHeader(entry: TarEntry, name: string, target: string, flag: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  header.write(name.slice(0, NAME_BYTES), 0, "latin1");
  header.write(octal(entry.mode ?? (entry.type === "directory" ? 0o755 : 0o644), 7), 100);
  header.write(octal(entry.uid ?? 0, 7), 108);
  header.write(octal(entry.gid ?? 0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(TAR_MTIME_SECONDS, 11), 136);
  header.write(" ".repeat(8), 148);
  header.write(flag, 156);
  header.write(target.slice(0, NAME_BYTES), 157, "latin1");
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

function pad(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES)]);
}
