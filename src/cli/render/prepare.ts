// `prepare`.

import type { ResultOf } from "../../operations/registry.js";
import type { Rendering } from "./rendering.js";

export function renderPrepare(result: ResultOf<"prepare">): Rendering {
  const steps = result.steps.map(({ name, duration_ms: durationMs }) => `  ${name}: ${durationMs} ms`);
  const lines = [
    `Prepared: ${result.environment}`,
    `Daily loop: ${result.state}${result.reused ? " (nothing had to be done)" : ""}`,
    ...steps,
    ...(result.network_proved === null ? [] : [`Network: ${result.network_proved}`]),
  ];
  return { stdout: `${lines.join("\n")}\n` };
}
