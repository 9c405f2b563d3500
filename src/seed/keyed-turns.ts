// Work on one thing, one after the other, in the order of the calls.

import { unlessAborted } from "../platform/unless-aborted.js";

export class KeyedTurns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `act` when every earlier call for `key` has ended. Aborting `signal` gives up the wait. */
  async take<Result>(key: string, signal: AbortSignal, act: () => Promise<Result>): Promise<Result> {
    const earlier = this.#last.get(key) ?? Promise.resolve();
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    // Who comes later waits for both: this call may give up before its turn.
    const last = Promise.all([earlier, ended]).then(() => undefined);
    this.#last.set(key, last);
    void last.then(() => {
      if (this.#last.get(key) === last) this.#last.delete(key);
    });
    try {
      signal.throwIfAborted();
      await unlessAborted(earlier, signal);
      return await act();
    } finally {
      end();
    }
  }
}
