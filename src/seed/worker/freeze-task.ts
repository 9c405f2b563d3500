// One freeze in a thread, as the daemon sees it.

import { PyroError } from "../../contract/errors.js";
import type { FreezeProgress, OnFreezeProgress } from "../freeze/freeze-context.js";
import type { FreezeOutcome } from "../freeze/freeze-outcome.js";
import type { TaskMessage } from "./messages.js";

export interface ThreadOutcome {
  readonly outcome: FreezeOutcome;
  /** The thread watches over the source, and did not even look at it. */
  readonly isWatched: boolean;
}

export class FreezeTask {
  /** Settles when nothing of the freeze runs any more. */
  readonly ended: Promise<ThreadOutcome>;
  readonly #onProgress: OnFreezeProgress;
  readonly #giveUp: () => void;
  #resolve: (outcome: ThreadOutcome) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  /** Why it is given up, when that is no failure of the freeze itself. */
  #reason: Error | undefined;

  /** `giveUp` tells the thread, which answers with a failure. */
  constructor(onProgress: OnFreezeProgress, giveUp: () => void) {
    this.#onProgress = onProgress;
    this.#giveUp = giveUp;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  handle(message: TaskMessage): void {
    switch (message.type) {
      case "progress":
        void this.#tell(message.progress);
        break;
      case "done":
        if (this.#reason) this.#reject(this.#reason);
        else this.#resolve({ outcome: message.outcome, isWatched: message.isWatched });
        break;
      case "failed":
        this.fail(toError(message));
    }
  }

  /** The thread is gone, or says that the freeze has failed. */
  fail(error: Error): void {
    this.#reject(this.#reason ?? error);
  }

  async #tell(progress: FreezeProgress): Promise<void> {
    try {
      await this.#onProgress(progress);
    } catch (error) {
      this.#reason ??= error instanceof Error ? error : new Error(String(error));
      this.#giveUp();
    }
  }
}

function toError({ report, trace }: Extract<TaskMessage, { type: "failed" }>): PyroError {
  const { code, message, hint, details } = report;
  return new PyroError(code, message, { hint, details, cause: trace });
}
