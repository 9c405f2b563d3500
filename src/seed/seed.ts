// What a seed is: the project that a workspace starts with, frozen on the host.
//
// Paths are relative to /workspace and strings of one character per byte ("latin1"): file names are bytes.

export interface SeedFile {
  readonly type: "file";
  readonly path: string;
  /** Permissions: 0777. */
  readonly mode: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  readonly sizeBytes: number;
  /** Where its content begins in the seed's tar, bytes. Undefined: deferred, the tar does not hold it. */
  readonly offset: number | undefined;
}

export interface SeedDirectory {
  readonly type: "directory";
  readonly path: string;
  readonly mode: number;
  readonly mtime: number;
}

export interface SeedSymlink {
  readonly type: "symlink";
  readonly path: string;
  readonly target: string;
  readonly mtime: number;
}

/** Another name of a file that comes before it. The tar holds it unless that file is deferred. */
export interface SeedHardLink {
  readonly type: "hard_link";
  readonly path: string;
  readonly existingPath: string;
}

export type SeedEntry = SeedFile | SeedDirectory | SeedSymlink | SeedHardLink;

/** What was left out, and why in words. */
export interface SkippedPath {
  /** For people: what is not UTF-8 is replaced. */
  readonly path: string;
  readonly reason: string;
}

export interface SeedOrigin {
  readonly mode: "empty" | "directory" | "tar_archive";
  readonly kind: "empty" | "directory" | "git" | "archive";
  /** Of a Git checkout: branch and commit, such as `main@1a2b3c4`. */
  readonly ref: string | undefined;
  /** As the user gave it. */
  readonly path: string | undefined;
}

/** A frozen seed in the seed store. */
export interface Seed {
  /** SHA-256 over everything of it, hexadecimal: equal seeds have equal digests. */
  readonly digest: string;
  readonly origin: SeedOrigin;
  /** The layer's tar: entries `./`, `./workspace/`, `./workspace/…`. */
  readonly tarPath: string;
  /** Bytes of the tar. */
  readonly tarBytes: number;
  /** In order of the paths' bytes, parents first; without /workspace itself. */
  readonly entries: readonly SeedEntry[];
  /** The first of what was left out. */
  readonly skipped: readonly SkippedPath[];
  /** Of everything that was left out. */
  readonly skippedCount: number;
  /** Entries, .git included. */
  readonly entryCount: number;
  /** Bytes of all files' contents. */
  readonly contentBytes: number;
}

/** A piece of a file's content. */
export interface ContentPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Content of a file that the tar does not hold, because it is too large for it. */
export interface DeferredFile {
  readonly entry: SeedFile;
  /** Other names of it: hard links to make when it is there. */
  readonly links: readonly string[];
  /**
   * Pieces in order, 1 MiB at most; what lies between them is zeros. Fails with `conflict` when the file is not any
   * more what was frozen, at the latest after the last piece.
   */
  read(signal?: AbortSignal): AsyncIterable<ContentPiece>;
}
