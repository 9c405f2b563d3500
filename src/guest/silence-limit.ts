// A deadline for calls that may take long but not in silence.

import { PyroError } from "../contract/errors.js";

export class SilenceLimit {
  /** Aborted by the caller's own signal, or when the guest has said nothing for too long. */
  readonly signal: AbortSignal;
  readonly #limitMs: number;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, signal: AbortSignal | undefined) {
    this.#limitMs = limitMs;
    this.signal = signal ? AbortSignal.any([signal, this.#abort.signal]) : this.#abort.signal;
  }

  /** The guest's turn begins now, or begins anew because it gave a sign of life. */
  wait(limitMs = this.#limitMs): void {
    this.pause();
    this.#timer = setTimeout(() => {
      this.#abort.abort(new PyroError("guest_died", "the guest's agent does not answer any more"));
    }, limitMs);
  }

  /** It is our turn: what that takes is not the guest's silence. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** The call is over: if it is still under way, because nobody wants the rest of its answer, it is cancelled. */
  stop(): void {
    this.pause();
    this.#abort.abort(new PyroError("cancelled", "the call was left"));
  }
}
