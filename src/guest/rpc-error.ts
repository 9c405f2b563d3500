// Failures of a call to the agent, in the words of the catalogue.

import { Code, ConnectError } from "@connectrpc/connect";
import { PyroError } from "../contract/errors.js";

/** Longest text of the guest's that goes into an error: it is hostile input. */
const GUEST_TEXT_MAX = 300;

export function translateRpcError(thrown: unknown, signal?: AbortSignal): Error {
  if (thrown instanceof PyroError) return thrown;
  if (signal?.aborted) {
    const reason: unknown = signal.reason;
    return reason instanceof Error
      ? reason
      : new PyroError("cancelled", "the call was cancelled", { cause: thrown });
  }
  const error = ConnectError.from(thrown);
  const text = error.rawMessage.slice(0, GUEST_TEXT_MAX);
  // What the agent itself says comes with its answer's headers. An answer that is damaged or too large gets the
  // same codes from the library, where they would blame the user's input.
  const saidByAgent = error.metadata.has("content-type");
  switch (saidByAgent || error.code === Code.DeadlineExceeded ? error.code : Code.Unknown) {
    case Code.InvalidArgument:
      return new PyroError("invalid_input", text, { cause: thrown });
    case Code.AlreadyExists:
    case Code.FailedPrecondition:
      return new PyroError("conflict", text, { cause: thrown });
    case Code.DeadlineExceeded:
      return new PyroError("timeout", "the guest's agent did not answer in time", { cause: thrown });
    case Code.ResourceExhausted:
      return new PyroError("out_of_memory", `the guest is out of a resource: ${text}`, { cause: thrown });
    default:
      return new PyroError("guest_died", "the connection to the guest was lost", {
        cause: thrown,
        details: { reason: text },
      });
  }
}
