// An export of a test: into a directory of its own, with a journal that is kept.

import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import type { GuestFiles } from "../../../../src/guest/files.js";
import {
  exportFromGuest,
  type ExportRequest,
  type ExportResult,
} from "../../../../src/workspace/export/export-from-guest.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

export interface TestExport {
  /** Where the output is to be; its parent is empty. */
  readonly outputPath: string;
  readonly parentDir: string;
  /** What the journal was told. */
  readonly journal: readonly string[];
  readonly run: (files: GuestFiles, options?: Partial<ExportRequest>) => Promise<ExportResult>;
  /** Names beside the output, and its own. */
  readonly names: () => Promise<string[]>;
}

export async function useExport(): Promise<TestExport> {
  const parentDir = path.join(await makeTempDirectory(), "host");
  await mkdir(parentDir);
  const outputPath = path.join(parentDir, "out");
  const journal: string[] = [];
  return {
    outputPath,
    parentDir,
    journal,
    run: (files, options = {}) =>
      exportFromGuest({
        files,
        path: "dist",
        outputPath,
        force: false,
        protectedPaths: [],
        signal: new AbortController().signal,
        onProgress: () => undefined,
        journal: {
          begin: (stagingPath) => Promise.resolve(void journal.push(`begin ${stagingPath}`)),
          end: (stagingPath) => Promise.resolve(void journal.push(`end ${stagingPath}`)),
        },
        ...options,
      }),
    names: async () => (await readdir(parentDir)).sort(),
  };
}
