// Who does the work of a freeze: a thread of its own in the daemon.

import type { FreezeRequest, OnFreezeProgress } from "./freeze/freeze-context.js";
import type { FreezeOutcome } from "./freeze/freeze-outcome.js";

export interface FreezeHooks {
  readonly signal: AbortSignal;
  readonly onProgress: OnFreezeProgress;
}

/** Rejects with a PyroError, or with the signal's reason. By then nothing of it runs any more. */
export type Freezer = (request: FreezeRequest, hooks: FreezeHooks) => Promise<FreezeOutcome>;
