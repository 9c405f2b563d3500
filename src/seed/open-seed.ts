// Opens a seed of the store: its record and manifest are read, and it is made sure that its tar is what was written.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { PyroError } from "../contract/errors.js";
import { formatIdentity, identify, isSameFile } from "./file-identity.js";
import { parseManifest } from "./manifest.js";
import type { Seed } from "./seed.js";
import { MANIFEST_NAME, RECORD_NAME, seedPath, TAR_NAME } from "./seed-names.js";
import { readSeedRecord, type SeedRecord } from "./seed-record.js";

export interface OpenedSeed {
  readonly seed: Seed;
  readonly record: SeedRecord;
  /** Of its files, when they were read. */
  readonly identities: string;
}

/** Throws layer_damaged when it is not there or not whole. */
export async function openSeed(seedsDir: string, digest: string): Promise<OpenedSeed> {
  const seedDir = seedPath(seedsDir, digest);
  try {
    const identities = await identifyFiles(seedDir);
    const record = await readSeedRecord(seedDir);
    if (record.seed.digest !== digest) throw new Error("its record is that of another seed");
    const tarPath = path.join(seedDir, TAR_NAME);
    await checkTar(tarPath, record);
    const manifest = await readFile(path.join(seedDir, MANIFEST_NAME));
    if (hashOf(manifest) !== record.seed.manifestSha256) throw new Error("its manifest has changed");
    return { record, seed: makeSeed(record, tarPath, manifest), identities };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PyroError("layer_damaged", `the seed ${digest.slice(0, 12)} is damaged: ${reason}`, {
      hint: "Create the workspace again from its source.",
      details: { digest },
      cause: error,
    });
  }
}

function makeSeed({ seed, source }: SeedRecord, tarPath: string, manifest: Buffer): Seed {
  return {
    digest: seed.digest,
    origin: source.origin,
    tarPath,
    tarBytes: seed.tarBytes,
    entries: parseManifest(manifest),
    skipped: source.skipped,
    skippedCount: source.skippedCount,
    entryCount: seed.entryCount,
    contentBytes: seed.contentBytes,
  };
}

/** Whether a seed that was opened before is still what it was. */
export async function isStillSound({ seed, identities }: OpenedSeed): Promise<boolean> {
  const found = await identifyFiles(path.dirname(seed.tarPath)).catch(() => undefined);
  return found === identities;
}

async function identifyFiles(seedDir: string): Promise<string> {
  const names = [TAR_NAME, MANIFEST_NAME, RECORD_NAME];
  const identities = await Promise.all(
    names.map(async (name) => formatIdentity(identify(await stat(path.join(seedDir, name))))),
  );
  return identities.join("\n");
}

/** A tar whose times are as they were is not read again; one that was copied with the state is. */
async function checkTar(tarPath: string, { seed, tarIdentity }: SeedRecord): Promise<void> {
  const found = identify(await stat(tarPath));
  if (isSameFile(found, tarIdentity)) return;
  if (found.sizeBytes !== seed.tarBytes) throw new Error("its tar has another size");
  const hash = createHash("sha256");
  await pipeline(createReadStream(tarPath), hash);
  if (hash.digest("hex") !== seed.tarSha256) throw new Error("its tar has changed");
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
