// Files of a guest, below one directory: looking, reading, and changing all or nothing.
//
// Paths are relative to the root and strings of one character per byte ("latin1"): file names are bytes.

export type GuestEntryType = "file" | "directory" | "symlink" | "other";

export interface GuestEntry {
  readonly path: string;
  readonly type: GuestEntryType;
  /** Permissions with setuid, setgid and sticky: 07777. */
  readonly mode: number;
  /** Of a regular file, else 0. */
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /** Of a symbolic link. */
  readonly linkTarget: string | undefined;
  /** Equal for names of one and the same file; undefined when it has one name. */
  readonly linkId: bigint | undefined;
}

export interface WalkOptions {
  /** "": the root. */
  readonly path?: string;
  readonly recursive: boolean;
  readonly maxEntries?: number;
  readonly skipGit?: boolean;
  readonly honorGitignore?: boolean;
}

export interface WalkResult {
  /** In order of the paths' bytes. */
  readonly entries: readonly GuestEntry[];
  readonly ignored: readonly { readonly path: string; readonly entryCount: number }[];
  readonly truncated: boolean;
  /** By the guest's clock: what was changed since this guest started has this ctime or a later one. */
  readonly bootedAtNs: bigint;
}

export interface FetchOptions {
  readonly recursive?: boolean;
  /** Of a larger file only the digest comes. */
  readonly maxFileBytes?: number;
  readonly digest?: boolean;
}

/** One thing of a fetch. Every message is checked: paths have no empty, "." or ".." name and no NUL. */
export type Fetched =
  | { readonly kind: "entry"; readonly entry: GuestEntry }
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "data"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly sha256: string | undefined; readonly problem: string | undefined };

export interface FilePiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** One change of `apply`. Modes are 07777; undefined: kept, or the usual one for something new. */
export type FileChange =
  | {
      readonly kind: "write_file";
      readonly path: string;
      readonly sizeBytes: number;
      /** What lies between pieces is zeros. */
      readonly content: Iterable<FilePiece> | AsyncIterable<FilePiece>;
      readonly mode?: number;
      /** Undefined: now. */
      readonly mtimeNs?: bigint;
      /** Hexadecimal SHA-256 that the file must have at the commit; else `conflict`, and nothing has changed. */
      readonly expectedSha256?: string | undefined;
      readonly mustNotExist?: boolean;
    }
  | { readonly kind: "make_directory"; readonly path: string; readonly mode?: number }
  | { readonly kind: "make_symlink"; readonly path: string; readonly target: string }
  | { readonly kind: "make_hard_link"; readonly path: string; readonly existingPath: string }
  | {
      readonly kind: "remove";
      readonly path: string;
      readonly expectedSha256?: string | undefined;
      readonly onlyEmptyDirectory?: boolean;
    }
  | { readonly kind: "set_mode"; readonly path: string; readonly mode: number };

export interface ApplyResult {
  readonly createdCount: number;
  readonly replacedCount: number;
  readonly removedCount: number;
  readonly bytesWritten: number;
}

/** Errors: `path_not_found`, `path_outside_workspace`, `conflict`, `invalid_input`, `out_of_disk`, `guest_died`. */
export interface GuestFiles {
  walk(options: WalkOptions, signal?: AbortSignal): Promise<WalkResult>;
  /** One for each path, in the same order; undefined: there is nothing. */
  stat(paths: readonly string[], signal?: AbortSignal): Promise<readonly (GuestEntry | undefined)[]>;
  read(
    path: string,
    range: { readonly offset: number; readonly maxBytes: number },
    signal?: AbortSignal,
  ): Promise<{ readonly entry: GuestEntry; readonly content: Uint8Array }>;
  fetch(paths: readonly string[], options: FetchOptions, signal?: AbortSignal): AsyncIterable<Fetched>;
  /** All or nothing. */
  apply(
    changes: Iterable<FileChange> | AsyncIterable<FileChange>,
    signal?: AbortSignal,
  ): Promise<ApplyResult>;
}
