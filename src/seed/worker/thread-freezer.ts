// Freezes in a thread of its own, so that the daemon answers its clients meanwhile.
//
// When the work is done, the thread is ended, and with it goes the memory that it needed. A fresh one takes its place,
// and watches over the source that was frozen last: the next freeze of that finds a thread, and hardly any work.

import type { FreezeRequest } from "../freeze/freeze-context.js";
import type { FreezeOutcome } from "../freeze/freeze-outcome.js";
import type { FreezeHooks } from "../freezer.js";
import { SeedThread } from "./seed-thread.js";

/** A guest starts right after a freeze, and needs the processors. */
const REST_MS = 500;
const WATCH_MS = 600_000;

export class ThreadFreezer {
  #thread: SeedThread | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** When it settles, nothing of the freeze runs any more. */
  async freeze(request: FreezeRequest, hooks: FreezeHooks): Promise<FreezeOutcome> {
    clearTimeout(this.#timer);
    const thread = (this.#thread ??= this.#startThread());
    let watchable: FreezeRequest | undefined;
    let isWatched = false;
    try {
      const ended = await thread.freeze(request, hooks);
      isWatched = ended.isWatched;
      watchable = { ...request, knownFingerprint: fingerprintOf(request, ended.outcome) };
      return ended.outcome;
    } finally {
      if (thread === this.#thread && !thread.isBusy) this.#rest(thread, isWatched ? undefined : watchable);
    }
  }

  /** Freezes that run fail. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#drop();
  }

  #startThread(): SeedThread {
    const thread: SeedThread = new SeedThread(() => {
      if (thread === this.#thread && !thread.isBusy) void this.#drop();
    });
    void thread.ended.then(() => {
      if (thread === this.#thread) this.#thread = undefined;
    });
    return thread;
  }

  #rest(thread: SeedThread, ...) {
  }
}
