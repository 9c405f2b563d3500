// What may have changed since the baseline, by what a walk tells: only of this the content is compared.

import type { GuestEntry } from "../../guest/files.js";
import type { BaselineEntry, BaselineTree } from "./baseline-tree.js";
import type { WorkspaceTree } from "./workspace-tree.js";

export interface Suspect {
  readonly path: string;
  /** In the baseline. */
  readonly old: BaselineEntry | undefined;
  readonly now: GuestEntry | undefined;
}

const NS_PER_SECOND = 1_000_000_000n;

/** In order of the paths' bytes. */
export function findSuspects(baseline: BaselineTree, tree: WorkspaceTree): Suspect[] {
  const suspects: Suspect[] = [];
  for (const [path, now] of tree.entries) {
    const old = baseline.entries.get(path);
    // A directory comes and goes with what is in it.
    const isPlainDirectory = now.type === "directory" && !old && tree.filled.has(path);
    if (!isPlainDirectory && (!old || mayDiffer(old, now, tree.bootedAtNs)))
      suspects.push({ path, old, now });
  }
  for (const [path, old] of baseline.entries) {
    if (
      tree.entries.has(path) ||
      tree.hidden.has(path) ||
      (old.type === "directory" && baseline.filled.has(path))
    )
      continue;
    suspects.push({ path, old, now: undefined });
  }
  return suspects.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function mayDiffer(old: BaselineEntry, now: GuestEntry, bootedAtNs: bigint): boolean {
  if (old.type !== now.type) return true;
  switch (old.type) {
    case "directory":
      return false;
    case "symlink":
      return old.target !== now.linkTarget;
    case "file": {
      if (old.mode !== now.mode || old.sizeBytes !== now.sizeBytes) return true;
      if (now.mtimeNs !== BigInt(old.mtime) * NS_PER_SECOND) return true;
      // A file that the seed has no content of was written after the start, and says nothing by its ctime.
      return old.offset !== undefined && now.ctimeNs > bootedAtNs;
    }
  }
}
