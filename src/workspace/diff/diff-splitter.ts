// Takes the output of `git diff-tree -p` apart into its sections, one for each pair of contents.

import { Writable } from "node:stream";

export interface GitSection {
  /** Of the pair. */
  readonly number: number;
  /** Object ids as in the `index` line: `OLD..NEW`. */
  readonly objectIds: string;
  /** Hunks, or a `GIT binary patch`; empty without either. Undefined: longer than allowed. */
  readonly body: Buffer | undefined;
  /** Of a binary pair without its content. */
  readonly differOnly: boolean;
}

export type OnGitSection = (section: GitSection) => void;

/** Lines of a patch's content begin otherwise. */
const START = Buffer.from("\ndiff --git a/");
const NUMBER = /^diff --git a\/\d{9}\/(\d{9})/;
const OBJECT_IDS = /^index ([0-9a-f]+\.\.[0-9a-f]+)/m;
/** The lines before the content, and the names in front of hunks. */
const HEADER_MAX_BYTES = 1024;
const HEADER =
  /^diff --git .*\n(?:(?:old mode|new mode|new file|deleted file|index) .*\n)*(?:--- .*\n\+\+\+ .*\n)?/;

export class DiffSplitter extends Writable {
  readonly #maxSectionBytes: () => number;
  readonly #onSection: OnGitSection;
  /** The end of what came, in which the next section may begin. */
  #tail = Buffer.from("\n");
  #chunks: Buffer[] = [];
  /** Bytes of the section, kept or not. */
  #sizeBytes = 0;

  constructor(maxSectionBytes: () => number, onSection: OnGitSection) {
    super();
    this.#maxSectionBytes = maxSectionBytes;
    this.#onSection = onSection;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const data = Buffer.concat([this.#tail, chunk]);
    let from = 0;
    for (let at = data.indexOf(START); at >= 0; at = data.indexOf(START, at + 1)) {
      this.#keep(data.subarray(from, at + 1));
      this.#finish();
      from = at + 1;
    }
    const tail = Math.max(from, data.length - START.length + 1);
    this.#keep(data.subarray(from, tail));
    this.#tail = data.subarray(tail);
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#keep(this.#tail);
    this.#finish();
    done();
  }

  #keep(bytes: Buffer): void {
    if (this.#sizeBytes <= this.#maxSectionBytes() + HEADER_MAX_BYTES) this.#chunks.push(bytes);
    this.#sizeBytes += bytes.length;
  }

  #finish(): void {
    const bytes = Buffer.concat(this.#chunks);
    const sizeBytes = this.#sizeBytes;
    this.#chunks = [];
    this.#sizeBytes = 0;
    const header = bytes.subarray(0, HEADER_MAX_BYTES).toString("latin1");
    const [, number] = NUMBER.exec(header) ?? [];
    if (number === undefined) return;
    const body = bytes.subarray(HEADER.exec(header)?.[0].length);
    const differOnly = body.subarray(0, 13).toString() === "Binary files ";
    this.#onSection({
      number: Number(number),
      objectIds: OBJECT_IDS.exec(header)?.[1] ?? "",
      body: bytes.length < sizeBytes || body.length > this.#maxSectionBytes() ? undefined : body,
      differOnly,
    });
  }
}
