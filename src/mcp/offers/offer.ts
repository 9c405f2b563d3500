// What a server offers to a model: tools, and how they are told of. Data; one file for each profile and mode.

import type { OperationId } from "../../operations/registry.js";

export interface Offer {
  /** In the order in which they are listed. */
  readonly tools: readonly OperationId[];
  /** What a model reads before its first call: 2 KB at most, the important first. */
  readonly instructions: string;
  /** In place of the operations' own descriptions: 2 KB at most. */
  readonly descriptions?: Readonly<Partial<Record<OperationId, string>>>;
  /** Arguments of the operations that its tools do not have. */
  readonly withheld?: Readonly<Partial<Record<OperationId, readonly string[]>>>;
}
