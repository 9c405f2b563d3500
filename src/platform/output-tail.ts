// The last bytes of a stream, for error messages, and its lines as they come.

export class OutputTail {
  readonly #maxBytes: number;
  readonly #onLine: ((line: string) => void) | undefined;
  #chunks: Buffer[] = [];
  #sizeBytes = 0;
  #partialLine = "";

  constructor(maxBytes: number, onLine?: (line: string) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.length;
    while (this.#sizeBytes - (this.#chunks[0]?.length ?? 0) >= this.#maxBytes) {
      this.#sizeBytes -= this.#chunks.shift()?.length ?? 0;
    }
    if (this.#onLine) this.#emitLines(chunk, this.#onLine);
  }

  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    return bytes.subarray(Math.max(0, bytes.length - this.#maxBytes)).toString("utf8");
  }

  #emitLines(chunk: Buffer, onLine: (line: string) => void): void {
    const lines = (this.#partialLine + chunk.toString("utf8")).split("\n");
    // A program that prints one endless line must not grow our memory.
    this.#partialLine = (lines.pop() ?? "").slice(-this.#maxBytes);
    for (const line of lines) onLine(line);
  }
}
