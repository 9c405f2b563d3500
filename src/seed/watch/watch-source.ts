// Begins to watch over a source that was frozen.

import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Scope } from "../../platform/scope.js";
import type { FreezeRequest } from "../freeze/freeze-context.js";
import type { Survey } from "../freeze/plan.js";
import { surveySource } from "../freeze/survey-source.js";
import { partialPath } from "../seed-names.js";
import { FileWatch } from "./file-watch.js";

/** Undefined: the source has not this fingerprint any more, or cannot be watched. Throws when `signal` aborts. */
export async function watchSource(
  request: FreezeRequest,
  fingerprint: string,
  signal: AbortSignal,
): Promise<FileWatch | undefined> {
  const list = await look(request, signal, (survey) => survey.listWatched());
  const watch = list && (await FileWatch.start(list, signal));
  if (!watch) return undefined;
  try {
    // What happened between the freeze and the first watch is found by looking once more.
    const found = await look(request, signal, (survey) => Promise.resolve(survey.fingerprint));
    if (found === fingerprint && (await watch.isQuiet())) return watch;
  } catch (error) {
    watch.close();
    throw error;
  }
  watch.close();
  return undefined;
}

async function look<Result>(
  request: FreezeRequest,
  signal: AbortSignal,
  use: (survey: Survey) => Promise<Result>,
): Promise<Result> {
  await using scope = new Scope();
  const seedDir = partialPath(path.dirname(request.seedDir));
  scope.defer(() => rm(seedDir, { recursive: true, force: true }));
  await mkdir(seedDir, { mode: 0o700 });
  const context = {
    request: { ...request, seedDir },
    signal,
    onProgress: () => undefined,
    startedAtMs: Date.now(),
    scope,
  };
  return await use(await surveySource(context));
}
