// Writing to the process's own streams: slow readers, and readers that go away.

import type { Writable } from "node:stream";
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

export function watchPipe(stream: Writable, onBroken: () => void): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") onBroken();
  });
}
