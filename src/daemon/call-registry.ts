// The calls being served: what `daemon status` shows, and what keeps the daemon from leaving.

export interface Call {
  readonly operation: string;
  /** performance.now() at its start. */
  readonly startedMs: number;
  readonly abort: AbortController;
}

export class CallRegistry {
  readonly #calls = new Set<Call>();
  readonly #waiting: (() => void)[] = [];
  /** performance.now() when the last call ended. */
  #idleSinceMs = performance.now();

  begin(operation: string): Call {
    const call = { operation, startedMs: performance.now(), abort: new AbortController() };
    this.#calls.add(call);
    return call;
  }

  end(call: Call): void {
    this.#calls.delete(call);
    this.#idleSinceMs = performance.now();
    if (this.#calls.size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when no call is being served. */
  async untilIdle(): Promise<void> {
    if (this.#calls.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  list(): readonly Call[] {
    return [...this.#calls];
  }

  get idleMs(): number {
    return this.#calls.size > 0 ? 0 : performance.now() - this.#idleSinceMs;
  }
}
