// The difference of a workspace from its baseline.

import { mkdir } from "node:fs/promises";
import type { GuestFiles } from "../guest/files.js";
import type { SeedStore } from "../seed/seed-store.js";
import type { DiffResult } from "./diff/diff-result.js";
import { diffWorkspace } from "./diff/diff-workspace.js";
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
  { seed }: WorkspaceRecord,
  files: GuestFiles,
  options: DiffOptions,
  signal: AbortSignal,
): Promise<DiffResult> {
  await mkdir(scratchDir, { recursive: true, mode: 0o700 });
  const frozen = seed.digest === undefined ? undefined : await seeds.open(seed.digest);
  return diffWorkspace({
    baseline: {
      entries: frozen?.entries ?? [],
      readContent: async (entry) => {
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
