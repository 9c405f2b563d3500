// What the daemon and a freezing thread say to each other. Every freeze has a number.

import type { ErrorReport } from "../../contract/errors.js";
import type { FreezeProgress, FreezeRequest } from "../freeze/freeze-context.js";
import type { FreezeOutcome } from "../freeze/freeze-outcome.js";

export type ThreadCommand =
  | { readonly type: "freeze"; readonly task: number; readonly request: FreezeRequest }
  | { readonly type: "abort"; readonly task: number }
  /** Watch over the source that has the request's known fingerprint. */
  | { readonly type: "watch"; readonly request: FreezeRequest };

export type TaskMessage =
  | { readonly type: "progress"; readonly task: number; readonly progress: FreezeProgress }
  /** `isWatched`: the source is watched over, and was not even looked at. */
  | {
      readonly type: "done";
      readonly task: number;
      readonly outcome: FreezeOutcome;
      readonly isWatched: boolean;
    }
  /** `trace`: the error with its stack and cause, for the log. */
  | { readonly type: "failed"; readonly task: number; readonly report: ErrorReport; readonly trace: string };

/** `blind`: nothing is watched over, or not any more. */
export type ThreadMessage = TaskMessage | { readonly type: "blind" };
