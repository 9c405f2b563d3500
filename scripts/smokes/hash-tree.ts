// One digest over names, modes and contents of everything below a directory.

import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import path from "node:path";

export async function hashTree(directory: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    const file = path.join(directory, name);
    const stats = await lstat(file);
    hash.update(`${name}\0${stats.mode}\0`);
    if (stats.isFile()) hash.update(await readFile(file));
    if (stats.isSymbolicLink()) hash.update(await readlink(file));
    hash.update("\0");
  }
  return hash.digest("hex");
}
