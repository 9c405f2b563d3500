// Waiting for something that knows no signal.

import { once } from "node:events";

/** As `promise`, but rejects with the signal's reason as soon as it aborts; what was waited for goes on. */
export async function unlessAborted<Result>(
  promise: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (!signal) return promise;
  const settled = new AbortController();
  try {
    await Promise.race([promise, once(signal, "abort", { signal: settled.signal }).catch(() => undefined)]);
    signal.throwIfAborted();
    return await promise;
  } finally {
    settled.abort();
  }
}
