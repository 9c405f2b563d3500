// What a handler is given, besides its input.

import type { OnEvent } from "../contract/events.js";
import type { OperationId, ParsedInputOf, ResultOf } from "../operations/registry.js";
import type { Services } from "./services.js";

export interface CallContext {
  /** Aborts when the client is gone or the daemon stops. */
  readonly signal: AbortSignal;
  /** Tells the client; while the returned promise is pending the client is not keeping up. */
  readonly onEvent: OnEvent;
  /** Bytes for the command, when the operation takes them and the client sends some. */
  readonly stdin: AsyncIterable<Uint8Array> | undefined;
}

export type Handler<Id extends OperationId> = (
  services: Services,
  input: ParsedInputOf<Id>,
  context: CallContext,
) => Promise<ResultOf<Id>>;

/** One handler for every operation: a missing one does not compile. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> };
