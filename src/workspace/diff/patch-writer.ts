// Puts a patch together: frames of ours around what git says about contents, in order, as far as there is room.

import { PyroError } from "../../contract/errors.js";
import type { GitSection } from "./diff-splitter.js";
import { GitDiffer } from "./git-differ.js";
import { formatSection, type SectionFrame } from "./patch-section.js";

export interface PatchSection extends SectionFrame {
  /** Undefined: only the mode has changed. */
  readonly content:
    | {
        readonly old: Uint8Array | undefined;
        readonly now: Uint8Array | undefined;
        /** Not to be shown as text. */
        readonly binary: boolean;
      }
    | undefined;
}

export interface PatchWriterOptions {
  /** An existing directory for temporary files. */
  readonly scratchDir: string;
  readonly includeBinary: boolean;
  readonly maxPatchBytes: number;
  readonly signal?: AbortSignal | undefined;
}

interface WrittenSection {
  readonly number: number;
  readonly frame: SectionFrame;
  readonly hasContent: boolean;
}

export class PatchWriter implements AsyncDisposable {
  readonly #options: PatchWriterOptions;
  readonly #sections: WrittenSection[] = [];
  #differ: GitDiffer | undefined;
  #pieces: Buffer[] = [];
  #sizeBytes = 0;
  /** That the sections will have at least. */
  #leastBytes = 0;
  #truncated = false;
  /** Git has said nothing about a pair. To throw where git's output comes in would end the process. */
  #isMissing = false;

  constructor(options: PatchWriterOptions) {
    this.#options = options;
  }

  /** `number` is its place in the patch. The contents are not kept in memory. */
  async add(number: number, { content, ...frame }: PatchSection): Promise<void> {
    const leastBytes = this.#leastBytes + (content ? bodyBytes(content) : 0);
    if (leastBytes > this.#options.maxPatchBytes) {
      this.#truncated = true;
      return;
    }
    this.#leastBytes = leastBytes;
    this.#sections.push({ number, frame, hasContent: content !== undefined });
    if (!content) return;
    this.#differ ??= await GitDiffer.open(this.#options.scratchDir, this.#options.signal);
    await this.#differ.add({ number, ...content });
  }

  /** Sections whose path is in `without` are left out. */
  async finish(without: ReadonlySet<string>): Promise<{ patch: string; truncated: boolean }> {
    const sections = this.#sections.sort((a, b) => a.number - b.number);
    let next = 0;
    const writeUpTo = (number: number, content?: GitSection) => {
      for (; next < sections.length; next++) {
        const section = sections[next];
        if (!section || section.number > number) return;
        const itsContent = section.number === number ? content : undefined;
        if (section.hasContent && !itsContent) this.#isMissing = true;
        if (!without.has(section.frame.path)) this.#put(section.frame, itsContent);
      }
    };
    await this.#differ?.diff({
      withBinary: this.#options.includeBinary,
      maxSectionBytes: () => this.#options.maxPatchBytes - this.#sizeBytes,
      onSection: (content) => writeUpTo(content.number, content),
    });
    writeUpTo(Infinity);
    if (this.#isMissing) throw new PyroError("internal", "git has left out a file of the patch");
    return { patch: Buffer.concat(this.#pieces).toString("utf8"), truncated: this.#truncated };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#differ?.[Symbol.asyncDispose]();
  }

  /** What does not fit any more is left out whole: what is there can be applied. */
  #put(frame: SectionFrame, content: GitSection | undefined): void {
    const isTooLong = content !== undefined && content.body === undefined;
    const piece = isTooLong ? undefined : formatSection(frame, content);
    if (!piece || this.#sizeBytes + piece.length > this.#options.maxPatchBytes) {
      this.#truncated = true;
      return;
    }
    this.#pieces.push(piece);
    this.#sizeBytes += piece.length;
  }
}

/** At least: a text that comes or goes stands in the patch whole, and what does not fit need not be compared. */
function bodyBytes({ old, now, binary }: NonNullable<PatchSection["content"]>): number {
  return binary || (old && now) ? 0 : (old?.length ?? 0) + (now?.length ?? 0);
}
