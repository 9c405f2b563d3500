// Failures of a call to the agent, in the words of the catalogue.

import { Code, ConnectError } from "@connectrpc/connect";
import { PyroError, type ErrorCode, type PyroErrorOptions } from "../contract/errors.js";
import { FilesFailureSchema } from "./gen/agent/v1/agent_pb.js";

/** Longest text of the guest's that goes into an error: it is hostile input. */
const GUEST_TEXT_MAX = 300;

/** What the agent's own refusals mean; every other code is a fault of the guest. */
const SAID_BY_AGENT = new Map<Code, ErrorCode>([
  [Code.InvalidArgument, "invalid_input"],
  [Code.AlreadyExists, "conflict"],
  [Code.FailedPrecondition, "conflict"],
  [Code.Aborted, "conflict"],
  [Code.NotFound, "path_not_found"],
  [Code.PermissionDenied, "path_outside_workspace"],
  [Code.ResourceExhausted, "out_of_memory"],
]);

/** `meanings`: what the agent's codes mean for this kind of call, where they differ. */
export function translateRpcError(
  thrown: unknown,
  signal?: AbortSignal,
  meanings?: ReadonlyMap<Code, ErrorCode>,
): Error {
  if (thrown instanceof PyroError) return thrown;
  if (signal?.aborted) {
    const reason: unknown = signal.reason;
    return reason instanceof Error
      ? reason
      : new PyroError("cancelled", "the call was cancelled", { cause: thrown });
  }
  const error = ConnectError.from(thrown);
  if (error.code === Code.DeadlineExceeded) {
    return new PyroError("timeout", "the guest's agent did not answer in time", { cause: thrown });
  }
  const text = error.rawMessage.slice(0, GUEST_TEXT_MAX);
  // What the agent itself says comes with its answer's headers. An answer that is damaged or too large gets the
  // same codes from the library, where they would blame the user's input.
  const code = error.metadata.has("content-type")
    ? (meanings?.get(error.code) ?? SAID_BY_AGENT.get(error.code))
    : undefined;
  if (code === undefined) {
    return new PyroError("guest_died", "the connection to the guest was lost", {
      cause: thrown,
      details: { reason: text },
    });
  }
  const failure = describeFilesFailure(error);
  if (failure?.isDiskFull === true) {
    return new PyroError("out_of_disk", "the guest's disk is full", {
      ...failure.options,
      cause: thrown,
      hint: "Remove files in the guest.",
    });
  }
  const message = code === "out_of_memory" ? `the guest is out of a resource: ${text}` : text;
  return new PyroError(code, message, { ...failure?.options, cause: thrown });
}

/** What the error is about, if it is about files. */
function describeFilesFailure(
  error: ConnectError,
): { readonly isDiskFull: boolean; readonly options: PyroErrorOptions } | undefined {
  const [failure] = error.findDetails(FilesFailureSchema);
  if (!failure) return undefined;
  const path = Buffer.from(failure.path).toString("utf8").slice(0, GUEST_TEXT_MAX);
  return { isDiskFull: failure.diskFull, options: path === "" ? {} : { details: { path } } };
}
