// What is being done in a workspace, and when something was done last.

export class Activity {
  readonly #running = new Set<Promise<unknown>>();
  #lastAt: number;

  /** `lastAt`: Unix seconds. */
  constructor(lastAt: number) {
    this.#lastAt = lastAt;
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Unix seconds. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** `at`: Unix seconds. */
  touch(at = Date.now() / 1000): void {
    this.#lastAt = at;
  }

  /** Something is being done until `work` settles. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.#running.add(work);
    this.touch();
    try {
      return await work;
    } finally {
      this.#running.delete(work);
      this.touch();
    }
  }

  /** Waits until nothing of what is being done now goes on, however it ends. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}
