// The files, directories and links of an export while it grows. What may be made is decided by others.

import { chmod, link, lutimes, mkdir, symlink, utimes } from "node:fs/promises";
import { isSystemError } from "../../contract/errors.js";
import { joinBytePath } from "../../platform/byte-path.js";
import type { GuestEntry } from "../../guest/files.js";
import { keptMode, keptTimes } from "./kept-attributes.js";
import { StagedFile } from "./staged-file.js";

const CLOSED_TO_OTHERS = 0o700;

/** Paths are relative to the root; "" is the root itself. Nothing is ever replaced: EEXIST. */
export class StagedTree {
  readonly #root: string;
  /** Parents first. */
  readonly #directories = new Map<string, GuestEntry>();
  /** First names of files that have several. */
  readonly #firstNames = new Map<bigint, string>();

  /** Nothing is at `root` yet, and nobody else can get there. */
  constructor(root: string) {
    this.#root = root;
  }

  hasDirectory(path: string): boolean {
    return this.#directories.has(path);
  }

  /** Open to its owner until the end, whatever its mode. */
  async makeDirectory(path: string, entry: GuestEntry): Promise<void> {
    await mkdir(this.#hostPath(path), { mode: CLOSED_TO_OTHERS });
    this.#directories.set(path, entry);
  }

  async makeSymlink(path: string, entry: GuestEntry): Promise<void> {
    await symlink(Buffer.from(entry.linkTarget ?? "", "latin1"), this.#hostPath(path));
    await lutimes(this.#hostPath(path), ...keptTimes(entry));
  }

  /** Undefined: the file is there under another name, and has got this one too. */
  async makeFile(path: string, entry: GuestEntry): Promise<StagedFile | undefined> {
    if (entry.linkId !== undefined) {
      const firstName = this.#firstNames.get(entry.linkId);
      if (firstName !== undefined && (await this.#addName(firstName, path))) return undefined;
      this.#firstNames.set(entry.linkId, path);
    }
    return StagedFile.create(this.#hostPath(path), entry);
  }

  /** Gives the directories below the root their modes and times. */
  async finish(): Promise<void> {
    // Children first: a parent's mode may forbid to reach them.
    for (const [path, entry] of [...this.#directories].reverse()) {
      if (path === "") continue;
      await utimes(this.#hostPath(path), ...keptTimes(entry));
      await chmod(this.#hostPath(path), keptMode(entry));
    }
  }

  async #addName(firstName: string, path: string): Promise<boolean> {
    try {
      await link(this.#hostPath(firstName), this.#hostPath(path));
      return true;
    } catch (error) {
      // Gone because it could not be read whole; or a file system without links, or with no room for one more.
      if (isSystemError(error, "ENOENT", "EPERM", "ENOTSUP", "EMLINK")) return false;
      throw error;
    }
  }

  #hostPath(path: string): string | Buffer {
    return joinBytePath(this.#root, path);
  }
}
