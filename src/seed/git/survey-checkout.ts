// A directory in a Git checkout: the files that git would see, and a repository of its own.

import { rm } from "node:fs/promises";
import path from "node:path";
import { toBytePath } from "../../platform/byte-path.js";
import { fingerprintTree } from "../freeze/fingerprint.js";
import { type FreezeContext, toSeedMtime } from "../freeze/freeze-context.js";
import { type HostEntry, planEntries, sumOnDisk } from "../freeze/host-entry.js";
import type { Plan, Survey } from "../freeze/plan.js";
import { checkContentSize } from "../freeze/seed-limits.js";
import { SkippedPaths } from "../freeze/skipped-paths.js";
import { CheckoutTree } from "./checkout-tree.js";
import type { Checkout } from "./find-checkout.js";
import { makeFreshIndex } from "./fresh-index.js";
import { CheckoutLister, type ListedPlace } from "./list-checkout.js";
import { findIgnored } from "./list-untracked.js";
import { listWatched } from "./list-watched.js";
import { type PackedRepository, type PackingProblem, packRepository } from "./pack-repository.js";
import { planRepository } from "./plan-repository.js";
import { openRepositoryView } from "./repository-view.js";

/**
 * `root`: in the checkout, absolute; `top`: what it is. Undefined: git would see nothing of it, because it is ignored as a whole or the
 * repository has no files of its own.
 */
export async function surveyCheckout(
  root: string,
  top: HostEntry,
  checkout: Checkout,
  context: FreezeContext,
): Promise<Survey | undefined> {
  const { request, signal, scope } = context;
  const viewsDir = path.join(request.seedDir, "views");
  scope.defer(() => rm(viewsDir, { recursive: true, force: true }));
  const gitDir = path.join(viewsDir, "top");
  const view = await openRepositoryView(checkout, { gitDir, homeDir: request.homeDir, signal });
  if (view.config.bare && checkout.gitDir === checkout.commonDir) return undefined;
  const place = { view, hostDir: root, prefix: toBytePath(path.relative(checkout.top, root)), directory: "" };
  // A source that was never frozen will need a pack, and packing takes longest.
  const isNew = request.knownFingerprint === undefined && place.prefix === "";
  const packing = isNew ? startPacking(place, context) : undefined;
  const skipped = new SkippedPaths();
  const tree = new CheckoutTree(root, context, skipped);
  const lister = new CheckoutLister(tree, viewsDir, skipped, context);
  await lister.list(place);
  const entries = tree.finish();
  if (entries.length === 0 && (await isIgnored(place, signal))) return undefined;
  checkContentSize(sumOnDisk(entries));
  return {
    origin: { mode: "directory", kind: "git", ref: describeRef(place), path: request.sourcePath },
    skipped,
    fingerprint: fingerprintTree(entries, ["git", String(view.config.fileMode), ...lister.facts], context),
    listWatched: async () => (lister.hasInner ? undefined : listWatched(place, top, entries, context)),
    plan: () => {
      const packed = packing ?? startPacking(place, context);
      return Promise.resolve(makePlan(root, place, { entries, packed, skipped }, context));
    },
  };
}

interface Surveyed {
  readonly entries: readonly HostEntry[];
  /** Goes on while the files are written. */
  readonly packed: Promise<PackedRepository | PackingProblem>;
  readonly skipped: SkippedPaths;
}

function makePlan(
  root: string,
  { view, prefix }: ListedPlace,
  surveyed: Surveyed,
  context: FreezeContext,
): Plan {
  const { entries, skipped } = surveyed;
  const newestMs = entries.reduce((newest, { identity }) => Math.max(newest, identity.mtimeMs), 0);
  const newestMtime = toSeedMtime(newestMs, context);
  return {
    rootMtime: newestMtime,
    entries: planEntries(root, entries, context),
    late: async (changed) => {
      const packed = await surveyed.packed;
      if ("problem" in packed) {
        skipped.add(".git", packed.problem);
        return [];
      }
      const files = new Map(entries.map((entry) => [entry.path, entry]));
      const index = makeFreshIndex({ view, prefix, files, changed }, context);
      return planRepository({ view, packed, index, newestMtime });
    },
  };
}

function startPacking({ view, prefix }: ListedPlace, { request, signal, scope }: FreezeContext) {
  if (view.config.refStorage !== "files") {
    return Promise.resolve({ problem: `its refs are kept as ${view.config.refStorage}` });
  }
  const abort = new AbortController();
  const packing = packRepository(view, prefix, request.seedDir, AbortSignal.any([signal, abort.signal]));
  // When the files cannot be written nobody waits for the pack any more.
  scope.defer(async () => {
    abort.abort();
    await packing.catch(() => undefined);
  });
  packing.catch(() => undefined);
  return packing;
}

/** Whether the place as a whole is ignored in its checkout. */
async function isIgnored({ view, prefix }: ListedPlace, signal: AbortSignal): Promise<boolean> {
  if (prefix === "") return false;
  return (await findIgnored(view, view.checkout.top, [prefix], signal)).has(prefix);
}

function describeRef({ view }: ListedPlace): string | undefined {
  const branch = view.checkout.head.ref?.replace(/^refs\/heads\//, "") ?? "HEAD";
  return view.commit === undefined ? branch : `${branch}@${view.commit.slice(0, 7)}`;
}
