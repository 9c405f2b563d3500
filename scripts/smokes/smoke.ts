// One recipe of docs/use-cases, run for real.

import type { Stage } from "./stage.js";

export interface Smoke {
  /** As `make smoke-…` says it; also the directory of its files in test/fixtures/use-cases. */
  readonly name: string;
  /** Throws at the first thing that does not hold. */
  readonly run: (stage: Stage) => Promise<void>;
}
