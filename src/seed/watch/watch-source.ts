// Begins to watch over a source that was frozen.

import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Scope } from "../../platform/scope.js";
import type { FreezeContext, FreezeRequest } from "../freeze/freeze-context.js";
import { surveySource } from "../freeze/survey-source.js";
import { partialPath } from "../seed-names.js";
import { FileWatch } from "./file-watch.js";

/** Undefined: the source has not this fingerprint any more, or cannot be watched. */
export async function watchSource(
  request: FreezeRequest,
  fingerprint: string,
  signal: AbortSignal,
): Promise<FileWatch | undefined> {
  await using scope = new Scope();
  const look = async () => surveySource(await makeContext(request, fingerprint, signal, scope));
  const list = await (await look()).listWatched();
  const watch = list && (await FileWatch.start(list, signal));
  if (!watch) return undefined;
  // What happened between the freeze and the first event is found by looking once more.
  scope.defer(() => watch.close());
  const { fingerprint: found } = await look();
  if (found !== fingerprint || !(await watch.isQuiet())) return undefined;
  scope.move();
  return watch;
}
