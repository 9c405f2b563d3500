// One freeze in the thread, as the daemon sees it.

import { PyroError } from "../../contract/errors.js";
import type { FreezeProgress, OnFreezeProgress } from "../freeze/freeze-context.js";
import type { FreezeOutcome } from "../freeze/freeze-outcome.js";
import type { ThreadMessage } from "./messages.js";

export class FreezeTask {
  /** Settles when nothing of the freeze runs any more. */
  readonly outcome: Promise<FreezeOutcome>;
  readonly #onProgress: OnFreezeProgress;
  readonly #giveUp: () => void;
  #resolve: (outcome: FreezeOutcome) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  /** Why it is given up, when that is no failure of the freeze itself. */
  #reason: Error | undefined;

  /** `giveUp` tells the thread, which answers with a failure. */
  constructor(onProgress: OnFreezeProgress, giveUp: () => void) {
    this.#onProgress = onProgress;
    this.#giveUp = giveUp;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  handle(message: ThreadMessage): void {
    switch (message.type) {
      case "progress":
        void this.#tell(message.progress);
        break;
      case "done":
        if (this.#reason) this.#reject(this.#reason);
        else this.#resolve(message.outcome);
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

function toError({ report, trace }: Extract<ThreadMessage, { type: "failed" }>): PyroError {
  const { code, message, hint, details } = report;
  return new PyroError(code, message, { hint, details, cause: trace });
}
