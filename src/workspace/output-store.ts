// Output of commands, whole, on disk: `output/<sequence>.stdout` and `.stderr` of a life.

import { mkdir, open, stat, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";
import { readFreeDisk } from "../platform/host-resources.js";

export type StreamName = "stdout" | "stderr";

const MIB = 1024 * 1024;
/** More of one stream is passed on and counted, and not kept: a guest must not fill the host's disk. */
const MAX_STREAM_BYTES = 4096 * MIB;
/** Nothing more is kept when the disk has less left. */
const MIN_FREE_DISK_BYTES = 512 * MIB;
const CHECK_DISK_EVERY_BYTES = 64 * MIB;

export interface StoredPiece {
  readonly bytes: Uint8Array;
  /** Of the whole kept stream. */
  readonly sizeBytes: number;
}

export class OutputStore {
  readonly #directory: string;

  constructor(lifeDirectory: string) {
    this.#directory = path.join(lifeDirectory, "output");
  }

  /** Takes the output of one command. */
  record(sequence: number): OutputRecording {
    return new OutputRecording(this.#directory, (stream) => this.#file(sequence, stream));
  }

  async read(
    sequence: number,
    stream: StreamName,
    range: { readonly offset: number; readonly maxBytes: number },
  ): Promise<StoredPiece> {
    let handle: FileHandle;
    try {
      handle = await open(this.#file(sequence, stream), "r");
    } catch (error) {
      // A stream without output has no file.
      if (isSystemError(error, "ENOENT")) return { bytes: new Uint8Array(), sizeBytes: 0 };
      throw error;
    }
    try {
      const { size } = await handle.stat();
      const length = Math.max(0, Math.min(range.maxBytes, size - range.offset));
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await handle.read(buffer, 0, length, range.offset);
      return { bytes: buffer.subarray(0, bytesRead), sizeBytes: size };
    } finally {
      await handle.close();
    }
  }

  /** Bytes kept of one stream. */
  async size(sequence: number, stream: StreamName): Promise<number> {
    return stat(this.#file(sequence, stream)).then(
      ({ size }) => size,
      () => 0,
    );
  }

  #file(sequence: number, stream: StreamName): string {
    return path.join(this.#directory, `${sequence}.${stream}`);
  }
}

/** The output of one running command. */
export class OutputRecording {
  readonly #directory: string;
  readonly #fileOf: (stream: StreamName) => string;
  readonly #streams: Record<
    StreamName,
    { handle: FileHandle | undefined; totalBytes: number; full: boolean }
  > = {
    stdout: { handle: undefined, totalBytes: 0, full: false },
    stderr: { handle: undefined, totalBytes: 0, full: false },
  };
  #checkDiskAtBytes = CHECK_DISK_EVERY_BYTES;

  constructor(directory: string, fileOf: (stream: StreamName) => string) {
    this.#directory = directory;
    this.#fileOf = fileOf;
  }

  /** Bytes that came, kept or not. */
  totalBytes(stream: StreamName): number {
    return this.#streams[stream].totalBytes;
  }

  /** Pending while the disk is slower than the guest. */
  async push(stream: StreamName, chunk: Uint8Array): Promise<void> {
    const state = this.#streams[stream];
    state.totalBytes += chunk.length;
    state.full ||= state.totalBytes > MAX_STREAM_BYTES || (await this.#isDiskShort());
    if (state.full) return;
    try {
      state.handle ??= await this.#open(stream);
      await state.handle.write(chunk);
    } catch (error) {
      // The command goes on: its result tells how much there was, and how much is kept.
      if (!isSystemError(error, "ENOSPC", "EDQUOT", "EIO")) throw error;
      state.full = true;
    }
  }

  async close(): Promise<void> {
    for (const state of Object.values(this.#streams)) await state.handle?.close();
  }

  async #open(stream: StreamName): Promise<FileHandle> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    return open(this.#fileOf(stream), "w", 0o600);
  }

  async #isDiskShort(): Promise<boolean> {
    const totalBytes = this.#streams.stdout.totalBytes + this.#streams.stderr.totalBytes;
    if (totalBytes < this.#checkDiskAtBytes) return false;
    this.#checkDiskAtBytes = totalBytes + CHECK_DISK_EVERY_BYTES;
    return (await readFreeDisk(this.#directory)) < MIN_FREE_DISK_BYTES;
  }
}
