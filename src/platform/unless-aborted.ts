// Waiting for something that knows no signal.

import { once } from "node:events";

/** As `promise`, but rejects with the signal's reason as soon as it aborts; what was waited for goes on. */
export async function unlessAborted<Result>(
  promise: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (!signal) return promise;
  const settled = new AbortController();
  // An abort that has been is no event any more.
  const aborted = signal.aborted ? undefined : once(signal, "abort", { signal: settled.signal });
  try {
    await Promise.race([promise, aborted?.catch(() => undefined)]);
    signal.throwIfAborted();
    return await promise;
  } finally {
    settled.abort();
  }
}
