// A path on one side of the comparison: in the baseline, or now.

import { isUtf8 } from "node:buffer";
import type { GuestEntry, GuestEntryType } from "../../guest/files.js";
import type { SeedFile } from "../../seed/seed.js";
import { GIT_SYMLINK, type GitMode, gitFileMode } from "../patch/git-mode.js";
import type { BaselineEntry } from "./baseline-tree.js";

export interface Side {
  readonly type: GuestEntryType;
  /** Permissions: 07777. */
  readonly mode: number;
  /** 0 but for files. */
  readonly sizeBytes: number;
  /** Of what a patch can carry. */
  readonly gitMode: GitMode | undefined;
  /** Of a file, or the target of a link. Undefined: there is none, it is too large, or nobody has it. */
  readonly content: Uint8Array | undefined;
  /** The content is text to git, and to whoever reads the patch as UTF-8. */
  readonly isText: boolean;
}

export type ReadBaseline = (entry: SeedFile) => Promise<Uint8Array>;

/** Larger files are not compared line by line, bytes. */
export const TEXT_MAX_BYTES = 16 * 1024 * 1024;

export function describeSide(entry: BaselineEntry | GuestEntry, fileContent: Uint8Array | undefined): Side {
  const target = readTarget(entry);
  const content = target === undefined ? fileContent : Buffer.from(target, "latin1");
  return {
    type: entry.type,
    mode: "mode" in entry ? entry.mode : 0,
    sizeBytes: entry.type === "file" ? entry.sizeBytes : 0,
    gitMode: target !== undefined ? GIT_SYMLINK : entry.type === "file" ? gitFileMode(entry.mode) : undefined,
    content,
    isText: content !== undefined && isPatchText(content),
  };
}

function isPatchText(content: Uint8Array): boolean {
  return content.length <= TEXT_MAX_BYTES && !content.includes(0) && isUtf8(content);
}

function readTarget(entry: BaselineEntry | GuestEntry): string | undefined {
  if (entry.type !== "symlink") return undefined;
  return "target" in entry ? entry.target : entry.linkTarget;
}
