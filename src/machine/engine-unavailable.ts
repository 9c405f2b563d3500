// The error of a host on which no guest starts.

import { PyroError } from "../contract/errors.js";
import type { EngineProblem } from "./engine.js";

/** Names the first problem and its cure; all of them are in the details. */
export function engineUnavailable(problems: readonly EngineProblem[]): PyroError {
  const [problem] = problems;
  return new PyroError("engine_unavailable", problem?.message ?? "no guest can start on this host", {
    ...(problem && { hint: problem.hint }),
    details: { problems },
  });
}
