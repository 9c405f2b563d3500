// Writing to the process's own streams: slow readers, and readers that go away.

import type { Writable } from "node:stream";
import { isSystemError, PyroError } from "../contract/errors.js";
import { waitForDrain } from "../platform/drain.js";

/** Resolves when the stream can take more. */
export async function writeAll(stream: Writable, data: string | Uint8Array): Promise<void> {
  if (stream.destroyed || data.length === 0) return;
  if (!stream.write(data)) await waitForDrain(stream);
}

export async function flushStream(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise<void>((resolve) => stream.write("", () => resolve()));
}

/** Calls back when the stream takes nothing any more: its reader went away, or its disk is full. */
export function watchWrites(stream: Writable, onFailure: (error: PyroError) => void): void {
  stream.on("error", (error) => onFailure(describeWriteFailure(error)));
}

function describeWriteFailure(cause: Error): PyroError {
  if (isSystemError(cause, "EPIPE")) return new PyroError("cancelled", "nobody reads the output", { cause });
  const code = isSystemError(cause, "ENOSPC", "EDQUOT") ? "out_of_disk" : "storage_unavailable";
  return new PyroError(code, `the output could not be written: ${cause.message}`, {
    hint: "Write it to another place.",
    cause,
  });
}
