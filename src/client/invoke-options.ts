// What a caller may add to one call.

import type { OnEvent } from "../contract/events.js";

export interface InvokeOptions {
  /** Cancels the operation, in the guest too. */
  readonly signal?: AbortSignal;
  readonly onEvent?: OnEvent;
  /** Bytes for the command's stdin, for operations that take them. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}
