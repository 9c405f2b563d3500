// The whole work of a freeze: look at the source, and if it is not as it was, write the seed's files.

import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import path from "node:path";
import { syncDirectory, writeNewDurably } from "../../platform/atomic-file.js";
import { Scope } from "../../platform/scope.js";
import type { DeferredRecord } from "../deferred-record.js";
import { formatIdentity } from "../file-identity.js";
import { formatManifest } from "../manifest.js";
import { MANIFEST_NAME, STORED_NAMES, TAR_NAME } from "../seed-names.js";
import { makeTarBudget } from "./choose-deferred.js";
import type { FreezeContext } from "./freeze-context.js";
import type { FreezeOutcome, SeedFacts } from "./freeze-outcome.js";
import { surveySource } from "./survey-source.js";
import { type WrittenLayer, writeLayer } from "./write-layer.js";

/** Writes tar and manifest into the request's seed directory, durably. What is there when it throws is worthless. */
export async function freezeSource(task: Omit<FreezeContext, "scope">): Promise<FreezeOutcome> {
  await using scope = new Scope();
  const context = { ...task, scope };
  const { knownFingerprint, seedDir, tarBudgetBytes } = context.request;
  const survey = await surveySource(context);
  context.signal.throwIfAborted();
  const { origin, skipped, fingerprint } = survey;
  if (fingerprint !== undefined && fingerprint === knownFingerprint) return { kind: "unchanged" };
  const plan = await survey.plan();
  const budget = makeTarBudget(tarBudgetBytes);
  const layer = await writeLayer(path.join(seedDir, TAR_NAME), plan, budget, context, skipped);
  await removeSpent(seedDir, layer.deferred);
  const manifest = formatManifest(layer.entries);
  await writeNewDurably(path.join(seedDir, MANIFEST_NAME), manifest);
  await syncDirectory(seedDir);
  return {
    kind: "written",
    seed: describeSeed(layer, manifest),
    source: { origin, skipped: skipped.named, skippedCount: skipped.count, fingerprint },
  };
}

function describeSeed(layer: WrittenLayer, manifest: Buffer): SeedFacts {
  const { entries, deferred, tarBytes, tarSha256 } = layer;
  const manifestSha256 = createHash("sha256").update(manifest).digest("hex");
  const identity = [tarSha256, manifestSha256, ...deferred.map(identifyDeferred)].join("\n");
  return {
    digest: createHash("sha256").update(identity).digest("hex"),
    tarBytes,
    tarSha256,
    manifestSha256,
    entryCount: entries.length,
    contentBytes: entries.reduce((sum, entry) => (entry.type === "file" ? sum + entry.sizeBytes : sum), 0),
    deferred,
  };
}

/** A file of the user's is told by its identity: reading a large one for its digest alone takes too long. */
function identifyDeferred({ path: name, content }: DeferredRecord): string {
  return `${name} ${content.kind === "stored" ? content.contentId : formatIdentity(content.identity)}`;
}

/** Contents that went into the tar are not needed beside it. */
async function removeSpent(seedDir: string, deferred: readonly DeferredRecord[]): Promise<void> {
  const needed = new Set(
    deferred.map(({ content }) => (content.kind === "stored" ? content.fileName : undefined)),
  );
  for (const name of STORED_NAMES) {
    const file = path.join(seedDir, name);
    if (needed.has(name)) await syncFile(file);
    else await rm(file, { force: true });
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
