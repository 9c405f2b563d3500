// A directory of this machine as the baseline of a workspace.

import { readFile } from "node:fs/promises";
import type { SeedEntry, SeedFile } from "../../src/seed/seed.js";
import { DirectoryFiles } from "./directory-files.js";

export interface DirectoryBaseline {
  readonly entries: readonly SeedEntry[];
  readonly readContent: (entry: SeedFile) => Promise<Uint8Array>;
}

export async function readDirectoryBaseline(directory: string): Promise<DirectoryBaseline> {
  const { entries } = await new DirectoryFiles(directory).walk({ path: "", recursive: true });
  return {
    entries: entries.map(({ path, type, mode, sizeBytes, mtimeNs, linkTarget = "" }) => {
      const mtime = Number(mtimeNs / 1_000_000_000n);
      if (type === "symlink") return { type, path, target: linkTarget, mtime };
      if (type === "directory") return { type, path, mode, mtime };
      return { type: "file", path, mode, mtime, sizeBytes, offset: 0 };
    }),
    readContent: ({ path }) =>
      readFile(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(path, "latin1")])),
  };
}
