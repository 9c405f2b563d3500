// Output that comes through callbacks, as an iterator: one chunk at a time, and the source waits for the loop.

import type { CommandOptions } from "./call-options.js";

/** A piece of output. It can end inside a character: decode with a `TextDecoder` and `{ stream: true }`. */
export interface OutputChunk {
  readonly stream: "stdout" | "stderr";
  readonly chunk: Uint8Array;
}

type Callbacks = Required<Pick<CommandOptions, "onStdout" | "onStderr">> & { readonly signal: AbortSignal };

/** `run` makes the call; it is cancelled when the loop is left. */
export async function* iterateOutput(
  signal: AbortSignal | undefined,
  run: (callbacks: Callbacks) => Promise<unknown>,
): AsyncGenerator<OutputChunk, void, undefined> {
  const left = new AbortController();
  const over = new AbortController();
  const waiting: { readonly item: OutputChunk; readonly taken: () => void }[] = [];
  let wake: () => void = () => undefined;
  const push = (stream: OutputChunk["stream"]) => (chunk: Uint8Array) =>
    new Promise<void>((taken) => {
      waiting.push({ item: { stream, chunk }, taken });
      wake();
    });
  // Not AbortSignal.any: in Node.js 20 a signal keeps a trace of every other one that was made of it.
  const onAbort = () => left.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  const callbacks = { onStdout: push("stdout"), onStderr: push("stderr"), signal: left.signal };
  const ended = run(callbacks).finally(() => {
    over.abort();
    wake();
  });
  // Its failure is the loop's to see, when it comes to the end.
  ended.catch(() => undefined);
  try {
    for (;;) {
      const next = waiting.shift();
      if (next) {
        yield next.item;
        next.taken();
      } else if (over.signal.aborted) {
        await ended;
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    left.abort();
  }
}
