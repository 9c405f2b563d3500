// prepare.

import { prepare as prepareEnvironment } from "../../vm/prepare.js";
import { proveWorkspace } from "../../workspace/prove-workspace.js";
import type { Handler } from "../handler.js";
import { tellPull } from "./environments.js";
import { refuseNetwork } from "./request-origin.js";

export const prepare: Handler<"prepare"> = async (services, input, { signal, onEvent }) => {
  if (input.network) refuseNetwork();
  const { preparation, reused, steps } = await prepareEnvironment(services, {
    environment: input.environment,
    force: input.force,
    prove: (origin) => proveWorkspace(services.workspaces, origin, signal),
    signal,
    onProgress: tellPull(onEvent, input.environment),
    onStep: (phase) =>
      onEvent({ type: "progress", tag: "prepare", fields: { phase, environment: input.environment } }),
  });
  return {
    environment: preparation.environment,
    state: "warm",
    prepared_at: preparation.preparedAt,
    reused,
    steps: steps.map(({ name, durationMs }) => ({ name, duration_ms: durationMs })),
  };
};
