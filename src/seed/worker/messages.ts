// What the daemon and the freezing thread say to each other.

import type { ErrorReport } from "../../contract/errors.js";
import type { FreezeProgress, FreezeRequest } from "../freeze/freeze-context.js";
import type { FreezeOutcome } from "../freeze/freeze-outcome.js";

export type WorkerCommand =
  { readonly type: "freeze"; readonly request: FreezeRequest } | { readonly type: "abort" };

export type WorkerMessage =
  | { readonly type: "progress"; readonly progress: FreezeProgress }
  | { readonly type: "done"; readonly outcome: FreezeOutcome }
  /** `trace`: the error with its stack and cause, for the log. */
  | { readonly type: "failed"; readonly report: ErrorReport; readonly trace: string };
