// A tar archive: what it unpacks to.

import { statSync, type Stats } from "node:fs";
import { PyroError } from "../../contract/errors.js";
import { identify, isSameFile } from "../file-identity.js";
import { fingerprintTree } from "../freeze/fingerprint.js";
import type { FreezeContext } from "../freeze/freeze-context.js";
import { describeHost } from "../freeze/host-entry.js";
import type { Plan, Survey } from "../freeze/plan.js";
import { SkippedPaths } from "../freeze/skipped-paths.js";
import { readArchive } from "./read-archive.js";

/** `file`: absolute; `stats`: its own. */
export function surveyArchive(file: string, stats: Stats, context: FreezeContext): Survey {
  const skipped = new SkippedPaths();
  return {
    origin: { mode: "tar_archive", kind: "archive", ref: undefined, path: context.request.sourcePath },
    skipped,
    fingerprint: fingerprintTree([describeHost("", stats)], ["archive"], context),
    listWatched: () => Promise.resolve({ directories: [], files: [file] }),
    plan: () => planArchive(file, stats, skipped, context),
  };
}

async function planArchive(
  file: string,
  stats: Stats,
  skipped: SkippedPaths,
  context: FreezeContext,
): Promise<Plan> {
  const tree = await readArchive(file, skipped, context);
  const now = statSync(file, { throwIfNoEntry: false });
  if (!now || !isSameFile(identify(now), identify(stats))) {
    throw new PyroError("conflict", `${file} changed while it was read`, {
      hint: "Try again when nothing writes to it.",
    });
  }
  return { rootMtime: tree.rootMtime, entries: tree.plan(), late: () => Promise.resolve([]) };
}
