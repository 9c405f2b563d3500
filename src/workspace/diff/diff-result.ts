// What a diff of a workspace tells.

import type { GuestEntryType } from "../../guest/files.js";

export type DiffStatus = "added" | "modified" | "deleted" | "type_changed" | "mode_changed";

export interface DiffEntry {
  /** Relative to /workspace, one character per byte. */
  readonly path: string;
  readonly status: DiffStatus;
  /** What it is now; of something deleted, what it was. Directories are listed when they are empty. */
  readonly artifactType: GuestEntryType;
  /** Undefined: it did not exist. 0 but for files. */
  readonly oldSizeBytes: number | undefined;
  /** Undefined: it does not exist any more. 0 but for files. */
  readonly sizeBytes: number | undefined;
  /** Permissions: 07777. Undefined like the sizes. */
  readonly oldMode: number | undefined;
  readonly mode: number | undefined;
  /** The patch makes the whole change, when it is asked for. */
  readonly isPatched: boolean;
}

export interface DiffSummary {
  readonly total: number;
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
  readonly typeChanged: number;
  readonly modeChanged: number;
  /** Entries that the patch makes whole. */
  readonly textPatched: number;
  /** Entries that it cannot: binary content, modes that git does not know, empty directories, devices. */
  readonly nonText: number;
}

export interface DiffResult {
  readonly summary: DiffSummary;
  /** In order of the paths' bytes. */
  readonly entries: readonly DiffEntry[];
  /** What git ignores, by the names in /workspace itself. */
  readonly ignored: readonly { readonly path: string; readonly entryCount: number }[];
  /** For `git apply` in a copy of the seed. Empty when it was not asked for. */
  readonly patch: string;
  /** Changes of whole files were left out, because they are too large together. */
  readonly patchTruncated: boolean;
}
