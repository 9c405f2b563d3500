// prepare.

import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { GuestOrigin } from "../../fleet/guest-origin.js";
import { prepare as prepareEnvironment } from "../../vm/prepare.js";
import { proveNetwork } from "../../vm/prove-network.js";
import { proveWorkspace } from "../../workspace/prove-workspace.js";
import type { Handler } from "../handler.js";
import { tellPull } from "./environments.js";

const NETWORK_PROVED =
  "a guest's packets reach the policy on this host, which refused a forbidden address; the internet was not asked";

export const prepare: Handler<"prepare"> = async (services, input, { signal, onEvent }) => {
  const { guests, workspaceParts } = services;
  const recordFile = path.join(workspaceParts.scratchDir, `network-proof-${randomUUID()}.jsonl`);
  const tryNetwork = async (origin: GuestOrigin) => {
    await mkdir(workspaceParts.scratchDir, { recursive: true, mode: 0o700 });
    await proveNetwork(guests, { origin, recordFile }, signal);
  };
  const { preparation, reused, steps } = await prepareEnvironment(services, {
    environment: input.environment,
    force: input.force,
    prove: (origin) => proveWorkspace(services.workspaces, origin, signal),
    proveNetwork: input.network ? tryNetwork : undefined,
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
    network_proved: preparation.network ? NETWORK_PROVED : null,
    steps: steps.map(({ name, durationMs }) => ({ name, duration_ms: durationMs })),
  };
};
