// What the daemon and the freezing thread say to each other. Every task has a number.

import type { ErrorReport } from "../../contract/errors.js";
import type { FreezeProgress, FreezeRequest } from "../freeze/freeze-context.js";
import type { FreezeOutcome } from "../freeze/freeze-outcome.js";

export type ThreadCommand =
  | { readonly type: "freeze"; readonly task: number; readonly request: FreezeRequest }
  | { readonly type: "abort"; readonly task: number };

export type ThreadMessage =
  | { readonly type: "progress"; readonly task: number; readonly progress: FreezeProgress }
  | { readonly type: "done"; readonly task: number; readonly outcome: FreezeOutcome }
  /** `trace`: the error with its stack and cause, for the log. */
  | { readonly type: "failed"; readonly task: number; readonly report: ErrorReport; readonly trace: string };
