// Something that changes from time to time, for those who wait for the next time.

export class Changes {
  #tell: () => void = () => undefined;
  #next: Promise<void> | undefined;

  /** To be asked for before the look: what changes in between is not missed. */
  next(): Promise<void> {
    this.#next ??= new Promise((resolve) => (this.#tell = resolve));
    return this.#next;
  }

  tell(): void {
    this.#next = undefined;
    this.#tell();
  }
}
