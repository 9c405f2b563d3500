// A directory outside Git: everything in it, whole.

import { compareBytePaths } from "../../platform/byte-path.js";
import { fingerprintTree } from "./fingerprint.js";
import { listTree } from "../watch/watch-list.js";
import { type FreezeContext, toSeedMtime } from "./freeze-context.js";
import { type HostEntry, planEntries, sumOnDisk } from "./host-entry.js";
import type { Survey } from "./plan.js";
import { checkContentSize } from "./seed-limits.js";
import { SkippedPaths } from "./skipped-paths.js";
import { walkDirectory } from "./walk-directory.js";

/** `top`: the directory `root` itself. */
export async function surveyDirectory(root: string, top: HostEntry, context: FreezeContext): Promise<Survey> {
  const skipped = new SkippedPaths();
  const entries = await walkDirectory(root, "", skipped, context);
  entries.sort(compareBytePaths);
  checkContentSize(sumOnDisk(entries));
  return {
    origin: { mode: "directory", kind: "directory", ref: undefined, path: context.request.sourcePath },
    skipped,
    fingerprint: fingerprintTree([top, ...entries], ["directory"], context),
    listWatched: () =>
      Promise.resolve(listTree(root, top.identity.dev, entries, { directories: [], files: [] })),
    plan: () =>
      Promise.resolve({
        rootMtime: toSeedMtime(top.identity.mtimeMs, context),
        entries: planEntries(root, entries, context),
        late: () => Promise.resolve([]),
      }),
  };
}
