// How a tool is told of to somebody who decides whether a call may be made.

import type { Effect } from "../../operations/operation.js";

export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/**
 * All four are said: a client takes a missing one for the worst. `argumentNames` are the tool's own, `serverArguments`
 * those of all tools together: a command reaches a network when the tool that makes its guest can ask for one.
 */
export function toAnnotations(
  effect: Effect,
  argumentNames: readonly string[],
  serverArguments: ReadonlySet<string>,
): Annotations {
  const canDestroy = (effect.destructiveWith ?? []).some((name) => argumentNames.includes(name));
  const canReach = (effect.openWorldWith ?? []).some((name) => serverArguments.has(name));
  return {
    readOnlyHint: effect.readOnly,
    destructiveHint: effect.destructive || canDestroy,
    idempotentHint: effect.idempotent,
    openWorldHint: effect.openWorld || canReach,
  };
}
