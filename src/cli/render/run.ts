// After `run`: the guest's output has been shown already, while it came.

import type { ResultOf } from "../../operations/registry.js";
import { formatStatusLine } from "../progress.js";
import type { Rendering } from "./rendering.js";

export function renderRun(result: ResultOf<"vm_run">): Rendering {
  const fields = {
    environment: result.environment,
    execution_mode: result.execution_mode,
    exit_code: result.exit_code,
    duration_ms: Math.round(result.duration_ms),
  };
  const timeout = result.timed_out ? `command timed out after ${result.timeout_seconds}s\n` : "";
  return { stderr: `${timeout}${formatStatusLine({ tag: "run", fields })}\n` };
}
