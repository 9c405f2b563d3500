// Looks at a source: nothing, a directory, a Git checkout, or an archive.

import { PyroError } from "../../contract/errors.js";
import { findCheckout } from "../git/find-checkout.js";
import { surveyCheckout } from "../git/survey-checkout.js";
import { surveyArchive } from "../archive/survey-archive.js";
import type { FreezeContext } from "./freeze-context.js";
import { lookAt } from "./host-entry.js";
import type { Survey } from "./plan.js";
import { resolveSource } from "./resolve-source.js";
import { SkippedPaths } from "./skipped-paths.js";
import { surveyDirectory } from "./survey-directory.js";

/** Throws seed_unusable. */
export async function surveySource(context: FreezeContext): Promise<Survey> {
  const { sourcePath } = context.request;
  if (sourcePath === undefined) return surveyNothing();
  const source = resolveSource(sourcePath, context.request);
  const { realPath } = source;
  if (source.kind === "archive") return surveyArchive(realPath, source.stats, context);
  const top = lookAt(realPath, "");
  if (!top) throw new PyroError("seed_unusable", `${sourcePath} is gone`);
  const checkout = findCheckout(realPath);
  const survey = checkout && (await surveyCheckout(realPath, top, checkout, context));
  return survey ?? surveyDirectory(realPath, top, context);
}

function surveyNothing(): Survey {
  return {
    origin: { mode: "empty", kind: "empty", ref: undefined, path: undefined },
    skipped: new SkippedPaths(),
    fingerprint: "empty",
    listWatched: () => Promise.resolve(undefined),
    plan: () => Promise.resolve({ rootMtime: 0, entries: [], late: () => Promise.resolve([]) }),
  };
}
