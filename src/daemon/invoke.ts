// The one way into an operation: parse, run, translate failures, log a line.

import { PyroError } from "../contract/errors.js";
import { SCHEMAS, type OperationId, type ParsedInputOf, type ResultOf } from "../operations/registry.js";
import { redactFailure, redactorFor, redactResult } from "./call-redaction.js";
import type { CallContext, Handlers } from "./handler.js";
import { describeInvalidInput } from "./invalid-input.js";
import type { Log } from "./log.js";
import type { Services } from "./services.js";

export interface Funnel {
  readonly services: Services;
  readonly handlers: Handlers;
  readonly log: Log;
}

export async function invoke<Id extends OperationId>(
  funnel: Funnel,
  id: Id,
  input: unknown,
  context: CallContext,
): Promise<ResultOf<Id>> {
  const startedMs = performance.now();
  const log = (outcome: string) =>
    funnel.log.write("call", {
      operation: id,
      outcome,
      duration_ms: Math.round(performance.now() - startedMs),
    });
  // Found before the call: afterwards the workspace may be gone.
  const redactor = redactorFor(funnel.services, input);
  try {
    const result = await funnel.handlers[id](funnel.services, parseInput(id, input), context);
    log("ok");
    return redactResult(SCHEMAS[id].output, result, redactor);
  } catch (thrown) {
    const failure = context.signal.aborted ? cancelled(context.signal, thrown) : thrown;
    const error = redactFailure(redactor, failure);
    log(error.code);
    if (error.code === "internal") funnel.log.write("failure", { operation: id, message: error.message });
    funnel.log.debug("stack", redactor.text(describe(thrown)));
    throw error;
  }
}

function parseInput<Id extends OperationId>(id: Id, input: unknown): ParsedInputOf<Id> {
  const parsed = SCHEMAS[id].input.safeParse(input);
  if (parsed.success) return parsed.data;
  throw describeInvalidInput(parsed.error, input);
}

function cancelled(signal: AbortSignal, thrown: unknown): PyroError {
  const reason: unknown = signal.reason;
  return reason instanceof PyroError
    ? reason
    : new PyroError("cancelled", "the call was cancelled", { cause: thrown });
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? "" : `\ncaused by ${describe(thrown.cause)}`;
  return (thrown.stack ?? thrown.message) + cause;
}
