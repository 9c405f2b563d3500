// Acts that must not overlap take turns, in the order in which they were asked for.

import { once } from "node:events";

export class Turns {
  /** Never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `act` when all before it have ended. Whoever aborts while it waits is let go at once, and its act never runs;
   * an act that runs is waited for.
   */
  async take<Result>(act: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const before = this.#last;
    const state = { begun: false };
    const turn = before.then(() => {
      signal?.throwIfAborted();
      state.begun = true;
      return act();
    });
    this.#last = turn.catch(() => undefined);
    if (signal) await settledOrAborted(before, signal);
    if (!state.begun) signal?.throwIfAborted();
    return turn;
  }
}

async function settledOrAborted(before: Promise<unknown>, signal: AbortSignal): Promise<void> {
  // An abort that has been is no event any more.
  if (signal.aborted) return;
  const over = new AbortController();
  try {
    await Promise.race([before, once(signal, "abort", { signal: over.signal }).catch(() => undefined)]);
  } finally {
    over.abort();
  }
}
