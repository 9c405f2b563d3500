// Goes through a patch line by line without ever having all lines in memory.

export class LineReader {
  readonly #text: string;
  #at = 0;
  #lineNumber = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Of the next line, from 1. */
  get lineNumber(): number {
    return this.#lineNumber;
  }

  /** The line `ahead` of the next one, without its line end; undefined behind the last one. */
  peek(ahead = 0): string | undefined {
    let at = this.#at;
    for (let skipped = 0; skipped < ahead && at < this.#text.length; skipped++) at = this.#endFrom(at) + 1;
    return at < this.#text.length ? this.#text.slice(at, this.#endFrom(at)) : undefined;
  }

  skip(): void {
    if (this.#at >= this.#text.length) return;
    this.#at = this.#endFrom(this.#at) + 1;
    this.#lineNumber++;
  }

  #endFrom(at: number): number {
    const end = this.#text.indexOf("\n", at);
    return end < 0 ? this.#text.length : end;
  }
}
