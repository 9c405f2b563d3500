// What every command is given.

import type { Output } from "./output.js";

export interface ProgramContext {
  readonly output: Output;
  /** What stood after `--`. */
  readonly guest: readonly string[] | undefined;
  readonly signal: AbortSignal;
  /** Sets the exit status of the process. */
  readonly setStatus: (status: number) => void;
}
