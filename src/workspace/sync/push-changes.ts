// The steps of a push as changes for the guest, with the files' contents as they are read.

import type { FileChange, FilePiece } from "../../guest/files.js";
import type { PlannedFile } from "../../seed/freeze/plan.js";
import type { SkippedPaths } from "../../seed/freeze/skipped-paths.js";
import { placeIn, type PushStep, toMtimeNs } from "./push-plan.js";
import { SourceFile } from "./source-file.js";

export interface PushChangesOptions {
  /** The directory that is pushed into, relative to /workspace. */
  readonly dest: string;
  /** It does not exist yet. */
  readonly makeDest: boolean;
  readonly scratchDir: string;
  /** Gets the files that may not be read. */
  readonly skipped: SkippedPaths;
  readonly signal: AbortSignal;
  /** Told of each piece of content that the guest has taken. */
  readonly onSent: (bytes: number) => void;
}

type Changes = AsyncGenerator<FileChange, void, undefined>;

/** To be iterated once. */
export class PushChanges implements AsyncIterable<FileChange> {
  readonly #steps: readonly PushStep[];
  readonly #options: PushChangesOptions;
  readonly #unreadable = new Set<string>();

  constructor(steps: readonly PushStep[], options: PushChangesOptions) {
    this.#steps = steps;
    this.#options = options;
  }

  /** Errors: those of SourceFile. */
  async *[Symbol.asyncIterator](): Changes {
    const { dest, makeDest } = this.#options;
    if (makeDest) yield { kind: "make_directory", path: dest };
    for (const step of this.#steps) yield* this.#changesOf(step);
  }

  async *#changesOf(step: PushStep): Changes {
    const path = placeIn(this.#options.dest, step.path);
    const remove = step.isInTheWay ? [{ kind: "remove", path } as const] : [];
    switch (step.kind) {
      case "write_file":
        yield* this.#writeFile(path, step.file, remove);
        return;
      case "make_directory":
        yield* remove;
        yield { kind: "make_directory", path, mode: step.mode };
        yield* setModeZero(path, step.mode);
        return;
      case "make_symlink":
        yield* remove;
        yield { kind: "make_symlink", path, target: step.target };
        return;
      case "make_hard_link":
        if (this.#unreadable.has(step.existingPath)) {
          this.#skip(step.path);
          return;
        }
        yield* remove;
        yield { kind: "make_hard_link", path, existingPath: placeIn(this.#options.dest, step.existingPath) };
        return;
      case "set_mode":
        yield { kind: "set_mode", path, mode: step.mode };
    }
  }

  async *#writeFile(path: string, file: PlannedFile, remove: Iterable<FileChange>): Changes {
    await using source = await SourceFile.open(file, this.#options.scratchDir);
    if (!source) {
      this.#skip(file.path);
      return;
    }
    yield* remove;
    const { sizeBytes, mode } = file;
    const content = this.#count(source.pieces(this.#options.signal));
    yield { kind: "write_file", path, sizeBytes, content, mode, mtimeNs: toMtimeNs(file) };
    yield* setModeZero(path, mode);
  }

  async *#count(pieces: AsyncIterable<FilePiece>): AsyncGenerator<FilePiece> {
    for await (const piece of pieces) {
      yield piece;
      this.#options.onSent(piece.bytes.length);
    }
  }

  #skip(sourcePath: string): void {
    this.#unreadable.add(sourcePath);
    this.#options.skipped.add(sourcePath, "the file cannot be read");
  }
}

/** In a change that makes something, a mode of zero stands for the usual one. */
function* setModeZero(path: string, mode: number): Iterable<FileChange> {
  if (mode === 0) yield { kind: "set_mode", path, mode };
}
