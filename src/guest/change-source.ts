// The host's end of an apply's stream: messages as fast as the guest takes them.

import type { SilenceLimit } from "./silence-limit.js";

/** After the last message the agent compares, renames, and removes what was replaced. */
const COMMIT_MS = 600_000;

export class ChangeSource<Message> implements AsyncIterable<Message> {
  /** What went wrong on our side, such as a file that cannot be read: the call fails with it. */
  failure: Error | undefined;
  readonly #messages: AsyncGenerator<Message>;
  readonly #limit: SilenceLimit;

  constructor(messages: AsyncGenerator<Message>, limit: SilenceLimit) {
    this.#messages = messages;
    this.#limit = limit;
  }

  [Symbol.asyncIterator](): AsyncIterator<Message> {
    // Connect throws into it when the guest has ended the call; the source is left by whoever made the call.
    return { next: () => this.#next(), throw: (reason: Error) => Promise.reject(reason) };
  }

  /** Lets go of what the messages come from, when the guest has ended the call before the last one. */
  leave(): void {
    // It is not waited for: a source that is stuck, a slow disk say, must not hold back the call's error. Nor is its
    // failure of interest any more.
    void this.#messages.return(undefined).catch(() => undefined);
  }

  async #next(): Promise<IteratorResult<Message>> {
    this.#limit.pause();
    try {
      const result = await this.#messages.next();
      this.#limit.wait(result.done === true ? COMMIT_MS : undefined);
      return result;
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
}
