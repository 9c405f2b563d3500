// The last bytes of a stream, for error messages, and its lines as they come.

import { StringDecoder } from "node:string_decoder";

export class OutputTail {
  readonly #maxBytes: number;
  readonly #onLine: ((line: string) => void) | undefined;
  #chunks: Buffer[] = [];
  #sizeBytes = 0;
  /** Keeps a character that a chunk ends in the middle of. */
  readonly #decoder = new StringDecoder("utf8");
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
    if (this.#onLine) this.#emitLines(this.#decoder.write(chunk), this.#onLine);
  }

  /** The stream has ended: what came after the last newline is a line too. */
  end(): void {
    const line = this.#partialLine + this.#decoder.end();
    if (line !== "") this.#onLine?.(line);
  }

  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    return bytes.subarray(Math.max(0, bytes.length - this.#maxBytes)).toString("utf8");
  }

  #emitLines(text: string, onLine: (line: string) => void): void {
    const lines = (this.#partialLine + text).split("\n");
    // A program that prints one endless line must not grow our memory.
    this.#partialLine = (lines.pop() ?? "").slice(-this.#maxBytes);
    for (const line of lines) onLine(line);
  }
}
