// Where a command's events, result and failure go: for people or as one JSON document.

import type { PyroError } from "../contract/errors.js";
import type { OperationEvent } from "../contract/events.js";
import type { OperationId, ResultOf } from "../operations/registry.js";
import type { Rendering } from "./render/rendering.js";

export interface Output {
  /** Pending while the reader is slower than the guest. */
  event(event: OperationEvent): Promise<void>;
  result<Id extends OperationId>(id: Id, result: ResultOf<Id>): Promise<void>;
  /** The result of a command that has a view of its own: a document, and how people read it. */
  document(value: unknown, view: Rendering): Promise<void>;
  error(error: PyroError): Promise<void>;
  /** Calls back when our output goes nowhere any more: `cancelled` when its reader went away. */
  onWriteFailure(callback: (error: PyroError) => void): void;
  flush(): Promise<void>;
}
