// Output that is pushed, for a reader that pulls: one piece at a time, and the pusher waits.

export class TextQueue {
  readonly #abort = new AbortController();
  readonly #decoder = new TextDecoder();
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort = () => this.#abort.abort(this.#caller?.reason);
  #piece: string | undefined;
  #ended = false;
  #wakePusher: () => void = () => undefined;
  #wakeReader: () => void = () => undefined;

  constructor(caller: AbortSignal | undefined) {
    this.#caller = caller;
    if (caller?.aborted) this.#onAbort();
    else caller?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Aborts when the reader has left, or its caller has. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Resolves when the reader has taken the piece. */
  async push(chunk: Uint8Array): Promise<void> {
    const text = this.#decoder.decode(chunk, { stream: true });
    if (text === "") return;
    this.#piece = text;
    this.#wakeReader();
    await new Promise<void>((resolve) => (this.#wakePusher = resolve));
  }

  /** The pieces until `source`, which pushes them, has ended; fails as it does. */
  async *drain(source: Promise<unknown>): AsyncGenerator<string, void, undefined> {
    const end = source.finally(() => {
      this.#ended = true;
      this.#wakeReader();
    });
    // Seen at the end of the loop, or of no interest any more.
    end.catch(() => undefined);
    try {
      for (;;) {
        if (this.#piece === undefined && !this.#ended) {
          await new Promise<void>((resolve) => (this.#wakeReader = resolve));
        }
        if (this.#piece === undefined) break;
        const piece = this.#piece;
        this.#piece = undefined;
        this.#wakePusher();
        yield piece;
      }
      await end;
    } finally {
      this.#caller?.removeEventListener("abort", this.#onAbort);
      this.#abort.abort();
      this.#wakePusher();
    }
  }
}
