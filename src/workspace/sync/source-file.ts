// The content of one file of a push's source, read once from start to end.

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { isSystemError, PyroError } from "../../contract/errors.js";
import type { FilePiece } from "../../guest/files.js";
import { toReadablePath } from "../../platform/byte-path.js";
import { identify, isSameFile } from "../../seed/file-identity.js";
import type { PlannedFile } from "../../seed/freeze/plan.js";
import { READ_FLAGS } from "../../seed/host-file.js";
import { findPieces } from "../../seed/nonzero-pieces.js";

const READ_BYTES = 1024 * 1024;

/** Errors of reading: `conflict` when the file is not any more what was listed, also when it changes meanwhile. */
export class SourceFile implements AsyncDisposable {
  readonly #file: PlannedFile;
  /** Undefined: the content is in memory. */
  readonly #handle: FileHandle | undefined;

  private constructor(file: PlannedFile, handle: FileHandle | undefined) {
    this.#file = file;
    this.#handle = handle;
  }

  /** Undefined: it may not be read. `scratchDir` has what an archive holds. */
  static async open(file: PlannedFile, scratchDir: string): Promise<SourceFile | undefined> {
    const { content } = file;
    if (content.kind === "bytes") return new SourceFile(file, undefined);
    const hostPath = content.kind === "host" ? content.file : path.join(scratchDir, content.fileName);
    try {
      return new SourceFile(file, await open(hostPath, READ_FLAGS | constants.O_NOFOLLOW));
    } catch (error) {
      if (isSystemError(error, "EACCES", "EPERM")) return undefined;
      if (isSystemError(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO")) throw changed(file, error);
      throw error;
    }
  }

  /** Pieces in order; what lies between them is zeros. */
  async *pieces(signal: AbortSignal): AsyncGenerator<FilePiece, void, undefined> {
    for await (const { offset, bytes } of this.#blocks(signal)) yield* findPieces(bytes, offset);
  }

  /** Hexadecimal. */
  async sha256(signal: AbortSignal): Promise<string> {
    const hash = createHash("sha256");
    for await (const { bytes } of this.#blocks(signal)) hash.update(bytes);
    return hash.digest("hex");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle?.close();
  }

  async *#blocks(signal: AbortSignal): AsyncGenerator<{ readonly offset: number; readonly bytes: Buffer }> {
    const { content, sizeBytes } = this.#file;
    if (!this.#handle || content.kind === "bytes") {
      if (content.kind === "bytes") yield { offset: 0, bytes: Buffer.from(content.bytes) };
      return;
    }
    await this.#check(this.#handle);
    const start = content.kind === "stored" ? content.offset : 0;
    for (let offset = 0; offset < sizeBytes; offset += READ_BYTES) {
      signal.throwIfAborted();
      const length = Math.min(READ_BYTES, sizeBytes - offset);
      yield { offset, bytes: await this.#readExactly(this.#handle, start + offset, length) };
    }
    await this.#check(this.#handle);
  }

  async #check(handle: FileHandle): Promise<void> {
    const { content } = this.#file;
    if (content.kind !== "host") return;
    if (!isSameFile(identify(await handle.stat()), content.identity)) throw changed(this.#file);
  }

  async #readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
      if (bytesRead === 0) throw changed(this.#file);
      done += bytesRead;
    }
    return bytes;
  }
}

function changed({ path: name }: PlannedFile, cause?: unknown): PyroError {
  return new PyroError("conflict", `${toReadablePath(name)} changed on the host while it was pushed`, {
    hint: "Nothing was changed in the workspace; try again when nothing writes to it.",
    cause,
  });
}
