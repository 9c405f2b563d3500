// What a directory of a workspace holds.

import type { GuestEntry, GuestEntryType, GuestFiles } from "../../guest/files.js";
import { toReadablePath } from "../../platform/byte-path.js";
import { followLinks } from "./follow-links.js";
import { formatWorkspacePath, resolveWorkspacePath } from "./workspace-path.js";

const MAX_ENTRIES = 10_000;

export interface ListFilesRequest {
  readonly files: GuestFiles;
  /** As the user gave it. */
  readonly path: string;
  readonly recursive: boolean;
  readonly signal: AbortSignal;
}

export interface ListedFile {
  /** Absolute; what is not UTF-8 in it is replaced. */
  readonly path: string;
  readonly artifactType: GuestEntryType;
  readonly sizeBytes: number;
  readonly linkTarget: string | null;
  /** Octal with setuid, setgid and sticky, such as "0644". */
  readonly mode: string;
}

export interface FileList {
  readonly path: string;
  readonly recursive: boolean;
  /** In order of the paths' bytes. */
  readonly entries: readonly ListedFile[];
  /** There are more entries than were listed. */
  readonly truncated: boolean;
}

/** Lists a directory, or with `recursive` all below it; a file lists itself. Errors: those of followLinks. */
export async function listFiles({ files, path, recursive, signal }: ListFilesRequest): Promise<FileList> {
  const found = await followLinks(files, resolveWorkspacePath(path), signal);
  const { entries, truncated } =
    found.type === "directory"
      ? await files.walk({ path: found.path, recursive, maxEntries: MAX_ENTRIES }, signal)
      : { entries: [found], truncated: false };
  return { path: formatWorkspacePath(found.path), recursive, entries: entries.map(describe), truncated };
}

function describe({ path, type, sizeBytes, linkTarget, mode }: GuestEntry): ListedFile {
  return {
    path: formatWorkspacePath(path),
    artifactType: type,
    sizeBytes,
    linkTarget: linkTarget === undefined ? null : toReadablePath(linkTarget),
    mode: mode.toString(8).padStart(4, "0"),
  };
}
