// One file of an export while it is written.

import { constants } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import type { FilePiece, GuestEntry } from "../../guest/files.js";
import { hostileGuest } from "./hostile-guest.js";
import { keptMode, keptTimes } from "./kept-attributes.js";

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

export class StagedFile {
  readonly #handle: FileHandle;
  readonly #path: string | Buffer;
  readonly #entry: GuestEntry;
  #position = 0;
  #bytesWritten = 0;

  private constructor(handle: FileHandle, path: string | Buffer, entry: GuestEntry) {
    this.#handle = handle;
    this.#path = path;
    this.#entry = entry;
  }

  /** Nothing may be there. */
  static async create(path: string | Buffer, entry: GuestEntry): Promise<StagedFile> {
    const handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    return new StagedFile(handle, path, entry);
  }

  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** What lies between pieces stays a hole. */
  async write({ offset, bytes }: FilePiece): Promise<void> {
    if (!Number.isSafeInteger(offset)) throw hostileGuest("an impossible offset", this.#entry.path);
    if (offset < this.#position) throw hostileGuest("pieces of a file out of order", this.#entry.path);
    if (offset + bytes.length > this.#entry.sizeBytes) {
      throw hostileGuest("more of a file than there is", this.#entry.path);
    }
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, offset + done);
      done += bytesWritten;
    }
    this.#position = offset + bytes.length;
    this.#bytesWritten += bytes.length;
  }

  /** Completes and closes it; with `flush` it is durable then. */
  async finish({ flush }: { flush: boolean }): Promise<void> {
    const { sizeBytes } = this.#entry;
    if (this.#position < sizeBytes) await this.#handle.truncate(sizeBytes);
    await this.#handle.chmod(keptMode(this.#entry));
    await this.#handle.utimes(...keptTimes(this.#entry));
    if (flush) await this.#handle.sync();
    await this.#handle.close();
  }

  /** Closes it and takes it away. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await unlink(this.#path);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
