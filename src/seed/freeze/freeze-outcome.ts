// What comes of a freeze.

import type { DeferredRecord } from "../deferred-record.js";
import type { SeedOrigin, SkippedPath } from "../seed.js";

/** What a seed is, wherever it came from. */
export interface SeedFacts {
  readonly digest: string;
  readonly tarBytes: number;
  readonly tarSha256: string;
  readonly manifestSha256: string;
  readonly entryCount: number;
  readonly contentBytes: number;
  readonly deferred: readonly DeferredRecord[];
}

/** What is told about the source of a seed. */
export interface SourceFacts {
  readonly origin: SeedOrigin;
  readonly skipped: readonly SkippedPath[];
  readonly skippedCount: number;
  /** Undefined: the next freeze has to read the source again. */
  readonly fingerprint: string | undefined;
}

/** `unchanged`: the source has the fingerprint that was known, and nothing was written. */
export type FreezeOutcome =
  | { readonly kind: "unchanged" }
  | { readonly kind: "written"; readonly seed: SeedFacts; readonly source: SourceFacts };
