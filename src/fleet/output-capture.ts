// Keeps the head and the tail of one output stream within a bound, however much comes.

const OMITTED = (sizeBytes: number) => `\n[... ${sizeBytes} bytes omitted ...]\n`;

/**
 * The bytes are copied into two fixed buffers. Kept chunks would be the guest's to size: a single byte can be
 * the view of a message of megabytes, and a list of single bytes costs a hundred times their number.
 */
export class OutputCapture {
  readonly #halfBytes: number;
  #head: Buffer | undefined;
  /** A ring: the byte at `totalBytes` of the stream goes to `totalBytes % halfBytes`. */
  #tail: Buffer | undefined;
  #totalBytes = 0;

  /** Keeps at most about `maxBytes`. */
  constructor(maxBytes: number) {
    this.#halfBytes = Math.floor(maxBytes / 2);
  }

  push(chunk: Uint8Array): void {
    const toHead = chunk.subarray(0, Math.max(0, this.#halfBytes - this.#totalBytes));
    if (toHead.length > 0) {
      this.#head ??= Buffer.allocUnsafeSlow(this.#halfBytes);
      this.#head.set(toHead, this.#totalBytes);
      this.#totalBytes += toHead.length;
    }
    if (toHead.length < chunk.length) this.#pushTail(chunk.subarray(toHead.length));
  }

  /** All that came, bytes. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  get truncated(): boolean {
    return this.#totalBytes > 2 * this.#halfBytes;
  }

  /** What was kept, as text; what is not UTF-8 is replaced. */
  text(): string {
    const head = this.#head?.subarray(0, this.#totalBytes) ?? Buffer.alloc(0);
    const tail = this.#orderedTail();
    if (!this.truncated) return Buffer.concat([head, tail]).toString("utf8");
    const omittedBytes = this.#totalBytes - head.length - tail.length;
    return head.toString("utf8") + OMITTED(omittedBytes) + tail.toString("utf8");
  }

  #pushTail(chunk: Uint8Array): void {
    this.#tail ??= Buffer.allocUnsafeSlow(this.#halfBytes);
    // Of a chunk larger than the ring only the end would be left in it.
    const kept = chunk.subarray(Math.max(0, chunk.length - this.#halfBytes));
    this.#totalBytes += chunk.length;
    const start = (this.#totalBytes - kept.length) % this.#halfBytes;
    const toEnd = kept.subarray(0, this.#halfBytes - start);
    this.#tail.set(toEnd, start);
    this.#tail.set(kept.subarray(toEnd.length), 0);
  }

  #orderedTail(): Buffer {
    if (!this.#tail) return Buffer.alloc(0);
    const end = this.#totalBytes % this.#halfBytes;
    if (!this.truncated) return this.#tail.subarray(0, this.#totalBytes - this.#halfBytes);
    return Buffer.concat([this.#tail.subarray(end), this.#tail.subarray(0, end)]);
  }
}
