// Contents of an archive's files, one after the other in one file, because a layer has them in another order.

import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import type { StoredPiece } from "../deferred-record.js";
import { findPieces } from "../nonzero-pieces.js";
import { SPOOL_NAME } from "../seed-names.js";

const BUFFER_BYTES = 1024 * 1024;

export class Spool implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #bufferedBytes = 0;
  #flushedBytes = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(seedDir: string): Promise<Spool> {
    return new Spool(await open(path.join(seedDir, SPOOL_NAME), "wx", 0o600));
  }

  /** Adds the content of one file. */
  async add(content: AsyncIterable<unknown>): Promise<StoredPiece & { sizeBytes: number }> {
    const offset = this.#flushedBytes + this.#bufferedBytes;
    const hash = createHash("sha256");
    for await (const chunk of content) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError("the content of an archive is bytes");
      hash.update(chunk);
      await this.#write(chunk);
    }
    const sizeBytes = this.#flushedBytes + this.#bufferedBytes - offset;
    return { fileName: SPOOL_NAME, offset, contentId: hash.digest("hex"), sizeBytes };
  }

  /** Everything is in the file when this returns. */
  async end(): Promise<void> {
    await this.#flush();
    // Zeros at the end were never written.
    await this.#file.truncate(this.#flushedBytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #write(chunk: Buffer): Promise<void> {
    for (let done = 0; done < chunk.length;) {
      const count = chunk.copy(this.#buffer, this.#bufferedBytes, done);
      this.#bufferedBytes += count;
      done += count;
      if (this.#bufferedBytes === BUFFER_BYTES) await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    for (const { offset, bytes } of findPieces(
      this.#buffer.subarray(0, this.#bufferedBytes),
      this.#flushedBytes,
    )) {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, offset + done);
        done += bytesWritten;
      }
    }
    this.#flushedBytes += this.#bufferedBytes;
    this.#bufferedBytes = 0;
  }
}
