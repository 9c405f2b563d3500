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
    let next = () => this.#drop();
    let restMs = REST_MS;
    try {
      const { outcome, isWatched } = await thread.freeze(request, hooks);
      if (isWatched) restMs = WATCH_MS;
      else next = () => this.#replace({ ...request, knownFingerprint: fingerprintOf(request, outcome) });
      return outcome;
    } finally {
      if (thread === this.#thread && !thread.isBusy) this.#after(restMs, next);
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

  /** Puts a thread in the place of the present one that watches over the request's source. */
  async #replace(request: FreezeRequest): Promise<void> {
    await this.#drop();
    // A freeze that came in the meantime has a thread already.
    if (request.knownFingerprint === undefined || this.#thread) return;
    this.#thread = this.#startThread();
    this.#thread.watch(request);
    this.#after(WATCH_MS, () => this.#drop());
  }

  async #drop(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.end();
  }

  #after(delayMs: number, act: () => Promise<void>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void act(), delayMs).unref();
  }
}

function fingerprintOf(request: FreezeRequest, outcome: FreezeOutcome): string | undefined {
  return outcome.kind === "unchanged" ? request.knownFingerprint : outcome.source.fingerprint;
}
