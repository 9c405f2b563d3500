// Writes the layer's tar: entries are put together in memory, and go to the file a few MiB at a time.

import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { encodeTarHeader, roundUpToBlock, TAR_BLOCK_BYTES, type TarHeader } from "./tar-header.js";

const CHUNK_BYTES = 4 * 1024 * 1024;
/** What is written is made durable in pieces of this size, beside the reading of what comes next. */
const SYNC_BYTES = 16 * 1024 * 1024;

/** Puts what is at `position` of a content into `target` from `offset` on; says how many bytes, `length` at most. */
export type ReadContent = (target: Buffer, offset: number, length: number, position: number) => number;

export class TarWriter {
  readonly #file: FileHandle;
  readonly #hash = createHash("sha256");
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #spare = Buffer.allocUnsafe(CHUNK_BYTES);
  #usedBytes = 0;
  #flushedBytes = 0;
  #syncedBytes = 0;
  /** The write of the spare chunk: one chunk is filled while the other goes to the file. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Adds an entry without content. */
  async add(header: TarHeader): Promise<void> {
    await this.addFile(header, () => 0);
  }

  /**
   * Adds an entry with the content that `read` gives, and returns where it begins in the tar and its length. When it
   * has less than announced, it is shorter, or if it is large, ends with zeros.
   */
  async addFile(header: TarHeader, read: ReadContent): Promise<{ offset: number; sizeBytes: number }> {
    const announced = header.sizeBytes ?? 0;
    let head = encodeTarHeader(header);
    const room = head.length + roundUpToBlock(announced);
    if (this.#usedBytes + room > CHUNK_BYTES) await this.#flush();
    if (room > CHUNK_BYTES) return this.#addLarge(head, announced, read);
    const contentStart = this.#usedBytes + head.length;
    const sizeBytes = read(this.#chunk, contentStart, announced, 0);
    if (sizeBytes < announced) head = encodeTarHeader({ ...header, sizeBytes });
    head.copy(this.#chunk, this.#usedBytes);
    const end = contentStart + roundUpToBlock(sizeBytes);
    this.#chunk.fill(0, contentStart + sizeBytes, end);
    this.#usedBytes = end;
    return { offset: this.#flushedBytes + contentStart, sizeBytes };
  }

  /** Ends the archive and makes it durable. */
  async end(): Promise<{ sizeBytes: number; sha256: string }> {
    if (this.#usedBytes + 2 * TAR_BLOCK_BYTES > CHUNK_BYTES) await this.#flush();
    this.#chunk.fill(0, this.#usedBytes, this.#usedBytes + 2 * TAR_BLOCK_BYTES);
    this.#usedBytes += 2 * TAR_BLOCK_BYTES;
    await this.#flush();
    await this.#writing;
    await this.#file.datasync();
    return { sizeBytes: this.#flushedBytes, sha256: this.#hash.digest("hex") };
  }

  /** Adds an entry that takes several chunks; the present one is empty. */
  async #addLarge(head: Buffer, sizeBytes: number, read: ReadContent) {
    const offset = this.#flushedBytes + head.length;
    head.copy(this.#chunk);
    this.#usedBytes = head.length;
    const paddedBytes = roundUpToBlock(sizeBytes);
    for (let done = 0; done < paddedBytes;) {
      const room = Math.min(CHUNK_BYTES - this.#usedBytes, paddedBytes - done);
      const wanted = Math.min(room, sizeBytes - done);
      const count = read(this.#chunk, this.#usedBytes, wanted, done);
      this.#chunk.fill(0, this.#usedBytes + count, this.#usedBytes + room);
      this.#usedBytes += room;
      done += room;
      if (this.#usedBytes === CHUNK_BYTES) await this.#flush();
    }
    return { offset, sizeBytes };
  }

  async #flush(): Promise<void> {
    const bytes = this.#chunk.subarray(0, this.#usedBytes);
    this.#hash.update(bytes);
    await this.#writing;
    const position = this.#flushedBytes;
    this.#writing = this.#writeChunk(bytes, position);
    // A failure is thrown where the write is awaited; before that it is nobody's unhandled rejection.
    this.#writing.catch(() => undefined);
    this.#flushedBytes += bytes.length;
    this.#usedBytes = 0;
    [this.#chunk, this.#spare] = [this.#spare, this.#chunk];
  }

  async #writeChunk(bytes: Buffer, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
    if (position - this.#syncedBytes < SYNC_BYTES) return;
    this.#syncedBytes = position;
    await this.#file.datasync();
  }
}
