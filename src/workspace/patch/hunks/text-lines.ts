// A file's content as lines, each with its line end.

export class TextLines {
  readonly lines: readonly string[];
  /** CR LF when there is no other. */
  readonly lineEnd: "\n" | "\r\n";
  readonly #normalised = new Map<(line: string) => string, readonly string[]>();

  constructor(content: string) {
    this.lines = splitLines(content);
    const ended = this.lines.filter((line) => line.endsWith("\n"));
    this.lineEnd = ended.length > 0 && ended.every((line) => line.endsWith("\r\n")) ? "\r\n" : "\n";
  }

  /** The last line has a line end, or there is no line. */
  get isEnded(): boolean {
    return this.lines.at(-1)?.endsWith("\n") ?? true;
  }

  /** All lines as `normalise` makes them. */
  normalised(normalise: (line: string) => string): readonly string[] {
    const known = this.#normalised.get(normalise) ?? this.lines.map(normalise);
    this.#normalised.set(normalise, known);
    return known;
  }
}

function splitLines(content: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < content.length;) {
    const end = content.indexOf("\n", at);
    const next = end < 0 ? content.length : end + 1;
    lines.push(content.slice(at, next));
    at = next;
  }
  return lines;
}
