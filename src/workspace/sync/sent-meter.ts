// How much of a push has been sent, told in steps that are worth telling.

const BYTES_PER_TELLING = 1024 * 1024;

export class SentMeter {
  readonly #onProgress: (progress: { readonly bytes: number }) => void;
  #bytes = 0;
  #toldBytes = 0;

  constructor(onProgress: (progress: { readonly bytes: number }) => void) {
    this.#onProgress = onProgress;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes - this.#toldBytes >= BYTES_PER_TELLING) this.tell();
  }

  tell(): void {
    this.#toldBytes = this.#bytes;
    this.#onProgress({ bytes: this.#bytes });
  }
}
