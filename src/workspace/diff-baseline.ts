// The difference of a workspace from its baseline.

import { mkdir } from "node:fs/promises";
import type { GuestFiles } from "../guest/files.js";
import { compareBytePaths } from "../platform/byte-path.js";
import type { SeedStore } from "../seed/seed-store.js";
import type { DiffResult } from "./diff/diff-result.js";
import { diffWorkspace } from "./diff/diff-workspace.js";
import { readImageFile, readImageFiles, uncoveredBy } from "./image-files.js";
import type { WorkspaceRecord } from "./workspace-record.js";

export interface DiffOptions {
  readonly includePatch: boolean;
  readonly includeIgnored: boolean;
  readonly includeBinary: boolean;
  /** Byte path relative to /workspace; undefined: everything. */
  readonly path: string | undefined;
}

export async function diffBaseline(
  { seeds, scratchDir }: { readonly seeds: SeedStore; readonly scratchDir: string },
  { seed, engine, environment }: WorkspaceRecord,
  files: GuestFiles,
  options: DiffOptions,
  signal: AbortSignal,
): Promise<DiffResult> {
  await mkdir(scratchDir, { recursive: true, mode: 0o700 });
  const frozen = seed.digest === undefined ? undefined : await seeds.open(seed.digest);
  const seedEntries = frozen?.entries ?? [];
  // On the host itself nothing of an environment is used.
  const imageFiles = engine.securityBoundary ? await readImageFiles(environment.rootfsDir) : [];
  const untracked = new Map(
    uncoveredBy(seedEntries, imageFiles).map((entry) => [entry.path, entry] as const),
  );
  return diffWorkspace({
    baseline: {
      entries:
        untracked.size === 0 ? seedEntries : [...seedEntries, ...untracked.values()].sort(compareBytePaths),
      untracked,
      readContent: async (entry) => {
        if (untracked.has(entry.path)) return readImageFile(environment.rootfsDir, entry);
        if (!frozen) throw new RangeError("an empty seed has no content");
        return seeds.readContent(frozen, entry);
      },
    },
    isGitSeed: seed.originKind === "git",
    files,
    ...options,
    scratchDir,
    signal,
  });
}
