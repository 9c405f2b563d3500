// A scope owns what is acquired in it and releases it in reverse order, once.
// (Node 20 has no AsyncDisposableStack.)

type Release = () => void | Promise<void>;

export class Scope implements AsyncDisposable {
  #releases: Release[] = [];

  /** Registers how to release something that was just acquired. */
  defer(release: Release): void {
    this.#releases.push(release);
  }

  /** Hands everything over to a new owner: this scope will release nothing any more. */
  move(): Scope {
    const moved = new Scope();
    moved.#releases = this.#releases;
    this.#releases = [];
    return moved;
  }

  /** Releases everything, even when a release fails; the first failure is thrown at the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let release = this.#releases.pop(); release; release = this.#releases.pop()) {
      try {
        await release();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
