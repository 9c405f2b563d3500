// A directory held open, so that paths below it mean the same directory whatever happens to its name.
//
// Node has no openat(2): paths go through the descriptor's link in /proc instead. Nobody who may write to a
// parent can lead them elsewhere by renaming.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

export class HeldDirectory implements AsyncDisposable {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** A link in the last name is refused (ELOOP or ENOTDIR). */
  static async open(directory: string): Promise<HeldDirectory> {
    const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
    return new HeldDirectory(await open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  }

  /** Valid in this process until disposal. */
  get path(): string {
    return `/proc/self/fd/${this.#handle.fd}`;
  }

  /** Whether it is ours and closed to everybody else. */
  async isPrivate(): Promise<boolean> {
    const { uid, mode } = await this.#handle.stat();
    return uid === process.geteuid?.() && (mode & 0o077) === 0;
  }

  async setAttributes(mode: number, times: readonly [atime: number, mtime: number]): Promise<void> {
    await this.#handle.utimes(...times);
    await this.#handle.chmod(mode);
  }

  /** Makes what was renamed or removed in it durable. */
  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
