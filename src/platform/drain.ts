// Waiting for a slow reader.

import type { Writable } from "node:stream";

/**
 * Resolves when the stream can take more, and also when it never will: it broke or was closed. No listener stays:
 * a race between two `once` leaves one at every wait, and rejects when a reader goes away.
 */
export async function waitForDrain(stream: Writable): Promise<void> {
  const endings = ["drain", "close", "error"] as const;
  await new Promise<void>((resolve) => {
    const done = () => {
      for (const event of endings) stream.off(event, done);
      resolve();
    };
    for (const event of endings) stream.on(event, done);
  });
}
