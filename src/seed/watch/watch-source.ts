// Begins to watch over a source that was frozen.

import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Scope } from "../../platform/scope.js";
import type { FreezeContext, FreezeRequest } from "../freeze/freeze-context.js";
import type { Survey } from "../freeze/plan.js";
import { surveySource } from "../freeze/survey-source.js";
import { partialPath } from "../seed-names.js";
import { FileWatch } from "./file-watch.js";

export type WatchMoment = Pick<FreezeContext, "signal" | "startedAtMs">;

/**
 * Undefined: the source has not the request's known fingerprint any more, or cannot be watched. Throws when the
 * signal aborts.
 */
export async function watchSource(
  request: FreezeRequest,
  moment: WatchMoment,
): Promise<FileWatch | undefined> {
  const { signal } = moment;
  const list = await look(request, moment, (survey) => survey.listWatched());
  const watch = list && (await FileWatch.start(list, signal));
  if (!watch) return undefined;
  try {
    // What happened between the freeze and the first watch is found by looking once more.
    const found = await look(request, moment, (survey) => Promise.resolve(survey.fingerprint));
    if (found === request.knownFingerprint && (await watch.isQuiet())) return watch;
  } catch (error) {
    watch.close();
    throw error;
  }
  watch.close();
  return undefined;
}

async function look<Result>(
  request: FreezeRequest,
  { signal, startedAtMs }: WatchMoment,
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
    startedAtMs,
    scope,
  };
  return await use(await surveySource(context));
}
