// A seed's record, seed.json: what is known of it without reading the tar or the manifest.

import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { SeedFacts, SourceFacts } from "./freeze/freeze-outcome.js";
import { type FileIdentity, identify } from "./file-identity.js";
import { isSeedDigest, RECORD_NAME, TAR_NAME } from "./seed-names.js";

const identitySchema = z.strictObject({
  dev: z.number(),
  ino: z.number(),
  sizeBytes: z.number(),
  mtimeMs: z.number(),
  ctimeMs: z.number(),
});

const deferredSchema = z.strictObject({
  path: z.string(),
  links: z.array(z.string()),
  content: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("host"), identity: identitySchema }),
    z.strictObject({
      kind: z.literal("stored"),
      fileName: z.string().regex(/^[a-z]+$/),
      offset: z.int().nonnegative(),
      contentId: z.string(),
    }),
  ]),
});

export const sourceFactsSchema = z.strictObject({
  origin: z.strictObject({
    mode: z.enum(["empty", "directory", "tar_archive"]),
    kind: z.enum(["empty", "directory", "git", "archive"]),
    ref: z.string().optional(),
    path: z.string().optional(),
  }),
  skipped: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  skippedCount: z.int().nonnegative(),
  fingerprint: z.string().optional(),
});

const recordSchema = z.strictObject({
  version: z.literal(1),
  seed: z.strictObject({
    digest: z.string().refine(isSeedDigest),
    tarBytes: z.int().nonnegative(),
    tarSha256: z.string(),
    manifestSha256: z.string(),
    entryCount: z.int().nonnegative(),
    contentBytes: z.int().nonnegative(),
    deferred: z.array(deferredSchema),
  }),
  /** Of the first source that had this content. */
  source: sourceFactsSchema,
  /** As long as the tar has it, its content has not changed since it was written. */
  tarIdentity: identitySchema,
});

export interface SeedRecord {
  readonly seed: SeedFacts;
  readonly source: SourceFacts;
  readonly tarIdentity: FileIdentity;
}

export async function formatSeedRecord(
  seedDir: string,
  seed: SeedFacts,
  source: SourceFacts,
): Promise<string> {
  const tarIdentity = identify(await stat(path.join(seedDir, TAR_NAME)));
  return `${JSON.stringify({ version: 1, seed, source, tarIdentity })}\n`;
}

/** Throws when there is none, or none that this version understands. */
export async function readSeedRecord(seedDir: string): Promise<SeedRecord> {
  const parsed: unknown = JSON.parse(await readFile(path.join(seedDir, RECORD_NAME), "utf8"));
  const { seed, source, tarIdentity } = recordSchema.parse(parsed);
  return { seed, source: toSourceFacts(source), tarIdentity };
}

/** Absent and undefined are one in JSON. */
export function toSourceFacts(parsed: z.infer<typeof sourceFactsSchema>): SourceFacts {
  const { origin, skipped, skippedCount, fingerprint } = parsed;
  return {
    origin: { mode: origin.mode, kind: origin.kind, ref: origin.ref, path: origin.path },
    skipped,
    skippedCount,
    fingerprint,
  };
}
