// The list of a seed's entries as a file: quick to read, because every use of a seed reads it.
//
// Fields end with NUL, the one byte that no name holds. After the version, for each entry: its type and numbers
// (`F mode mtime size offset`, `D mode mtime`, `L mtime`, `H`; mode in octal, offset `-` when the file is deferred),
// its path, and for links what they lead to.

import type { SeedEntry } from "./seed.js";

const VERSION = "pyro-seed-manifest 1";

export function formatManifest(entries: readonly SeedEntry[]): Buffer {
  const fields = [VERSION];
  for (const entry of entries) {
    switch (entry.type) {
      case "file":
        fields.push(
          `F ${entry.mode.toString(8)} ${entry.mtime} ${entry.sizeBytes} ${entry.offset ?? "-"}`,
          entry.path,
        );
        break;
      case "directory":
        fields.push(`D ${entry.mode.toString(8)} ${entry.mtime}`, entry.path);
        break;
      case "symlink":
        fields.push(`L ${entry.mtime}`, entry.path, entry.target);
        break;
      case "hard_link":
        fields.push("H", entry.path, entry.existingPath);
    }
  }
  return Buffer.from(`${fields.join("\0")}\0`, "latin1");
}

/** The entries of a manifest. Throws when it is none of this version. */
export function parseManifest(manifest: Buffer): SeedEntry[] {
  const fields = manifest.toString("latin1").split("\0");
  if (fields[0] !== VERSION || fields.pop() !== "") throw new Error("this is no manifest of a seed");
  const entries: SeedEntry[] = [];
  for (let index = 1; index < fields.length;) {
    const entry = parseEntry(fields, index);
    entries.push(entry);
    index += entry.type === "file" || entry.type === "directory" ? 2 : 3;
  }
  return entries;
}

function parseEntry(fields: readonly string[], index: number): SeedEntry {
  const [type, first = "", second = "", size = "", offset = ""] = (fields[index] ?? "").split(" ");
  const path = fields[index + 1];
  if (path === undefined || path === "") throw new Error("the seed's manifest has an entry without a path");
  const target = fields[index + 2] ?? "";
  switch (type) {
    case "F":
      return {
        type: "file",
        path,
        mode: parseInt(first, 8),
        mtime: Number(second),
        sizeBytes: Number(size),
        offset: offset === "-" ? undefined : Number(offset),
      };
    case "D":
      return { type: "directory", path, mode: parseInt(first, 8), mtime: Number(second) };
    case "L":
      return { type: "symlink", path, target, mtime: Number(first) };
    case "H":
      return { type: "hard_link", path, existingPath: target };
    default:
      throw new Error("the seed's manifest has an entry of an unknown type");
  }
}
