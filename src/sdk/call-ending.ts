// What can end a call before its time: the caller's signal, and failures of the caller's own callbacks and stdin.

import { setMaxListeners } from "node:events";
import { PyroError } from "../contract/errors.js";

export class CallEnding implements Disposable {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort = () => this.#end("the call was cancelled", this.#caller?.reason);
  #error: PyroError | undefined;

  constructor(caller: AbortSignal | undefined) {
    this.#caller = caller;
    if (!caller) return;
    // One signal for many calls at once is nothing to warn of.
    setMaxListeners(0, caller);
    // Not AbortSignal.any: in Node.js 20 a signal keeps a trace of every other one that was made of it.
    if (caller.aborted) this.#onAbort();
    else caller.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Aborts when the call is to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the call ended before its time. */
  get error(): PyroError | undefined {
    return this.#error;
  }

  /** Rejects when the call is to end, also while a callback that it waits for does not return. */
  async whenEnded(): Promise<never> {
    return new Promise((_, reject) => {
      const onEnd = () => reject(this.#error ?? new PyroError("cancelled", "the call was cancelled"));
      if (this.signal.aborted) onEnd();
      else this.signal.addEventListener("abort", onEnd, { once: true });
    });
  }

  /** Runs a piece of the caller's code; when it throws, the call ends. Once the call has ended it runs no more. */
  async run(name: string, code: () => void | Promise<void>): Promise<void> {
    if (this.#error) return;
    try {
      await code();
    } catch (thrown) {
      this.fail(name, thrown);
    }
  }

  fail(name: string, thrown: unknown): void {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    this.#end(`the call was cancelled: ${name} failed: ${reason}`, thrown);
  }

  [Symbol.dispose](): void {
    this.#caller?.removeEventListener("abort", this.#onAbort);
  }

  #end(message: string, cause: unknown): void {
    this.#error ??= new PyroError("cancelled", message, { cause });
    this.#controller.abort(this.#error);
  }
}
