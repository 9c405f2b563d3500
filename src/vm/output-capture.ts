// Keeps the head and the tail of one output stream within a bound, however much comes.

const OMITTED = (sizeBytes: number) => `\n[... ${sizeBytes} bytes omitted ...]\n`;

export class OutputCapture {
  readonly #halfBytes: number;
  readonly #head: Uint8Array[] = [];
  readonly #tail: Uint8Array[] = [];
  #headBytes = 0;
  #tailBytes = 0;
  #totalBytes = 0;

  /** Keeps at most about `maxBytes`. */
  constructor(maxBytes: number) {
    this.#halfBytes = Math.floor(maxBytes / 2);
  }

  push(chunk: Uint8Array): void {
    this.#totalBytes += chunk.length;
    const room = this.#halfBytes - this.#headBytes;
    const toHead = chunk.subarray(0, Math.max(0, room));
    if (toHead.length > 0) {
      this.#head.push(toHead);
      this.#headBytes += toHead.length;
    }
    if (toHead.length < chunk.length) this.#pushTail(chunk.subarray(toHead.length));
  }

  get truncated(): boolean {
    return this.#totalBytes > this.#headBytes + this.#tailKeptBytes;
  }

  /** What was kept, as text; what is not UTF-8 is replaced. */
  text(): string {
    const tail = Buffer.concat(this.#tail);
    const kept = tail.subarray(tail.length - this.#tailKeptBytes);
    if (!this.truncated) return Buffer.concat([...this.#head, kept]).toString("utf8");
    const omittedBytes = this.#totalBytes - this.#headBytes - kept.length;
    return Buffer.concat(this.#head).toString("utf8") + OMITTED(omittedBytes) + kept.toString("utf8");
  }

  get #tailKeptBytes(): number {
    return Math.min(this.#tailBytes, this.#halfBytes);
  }

  #pushTail(chunk: Uint8Array): void {
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    for (
      let first = this.#tail[0];
      first && this.#tailBytes - first.length >= this.#halfBytes;
      first = this.#tail[0]
    ) {
      this.#tail.shift();
      this.#tailBytes -= first.length;
    }
  }
}
