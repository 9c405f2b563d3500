// What each source was frozen as, so that one that has not changed is not read again.

import { readFile } from "node:fs/promises";
import { z } from "zod";
import { makeDirectories } from "../platform/make-directories.js";
import { replaceFile } from "../platform/atomic-file.js";
import type { SourceFacts } from "./freeze/freeze-outcome.js";
import { fingerprintPath, fingerprintsPath } from "./seed-names.js";
import { sourceFactsSchema, toSourceFacts } from "./seed-record.js";

const schema = z.strictObject({ version: z.literal(1), digest: z.string(), source: sourceFactsSchema });

export interface KnownSource {
  readonly digest: string;
  readonly source: SourceFacts;
}

/** Undefined: it was never frozen, or as something that cannot be known again. */
export async function findKnownSource(seedsDir: string, realPath: string): Promise<KnownSource | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(fingerprintPath(seedsDir, realPath), "utf8"));
    const { digest, source } = schema.parse(parsed);
    return { digest, source: toSourceFacts(source) };
  } catch {
    // Missing or of another version: the source is read again, and a new one is written.
    return undefined;
  }
}

export async function rememberSource(seedsDir: string, realPath: string, known: KnownSource): Promise<void> {
  await makeDirectories(fingerprintsPath(seedsDir), 0o700);
  await replaceFile(fingerprintPath(seedsDir, realPath), `${JSON.stringify({ version: 1, ...known })}\n`);
}
