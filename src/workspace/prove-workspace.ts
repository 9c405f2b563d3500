// Goes through the daily loop once, in a workspace that is thrown away: create, exec, reset, exec, delete.

import { PyroError } from "../contract/errors.js";
import { BASELINE, MEM_MIB, VCPU_COUNT, WORKSPACE_TTL_SECONDS } from "../contract/limits.js";
import type { GuestOrigin } from "../fleet/guest-origin.js";
import type { Workspace } from "./workspace.js";
import type { Workspaces } from "./workspaces.js";

const COMMAND_TIMEOUT_SECONDS = 30;
/** Of the agent: an image need not have a program that is known here. */
const OWN_COMMAND = ["/proc/1/exe", "--version"];

export async function proveWorkspace(
  workspaces: Workspaces,
  origin: GuestOrigin,
  signal: AbortSignal,
): Promise<void> {
  const input = {
    origin,
    seedPath: undefined,
    name: undefined,
    labels: {},
    vcpuCount: VCPU_COUNT.default,
    memMib: MEM_MIB.default,
    ttlSeconds: WORKSPACE_TTL_SECONDS.default,
    allowHostCompat: false,
    networkPolicy: "off" as const,
    secrets: [],
  };
  const workspace = await workspaces.create(input, { signal, onProgress: () => undefined });
  try {
    await execSomething(workspace, signal);
    await workspace.reset(BASELINE, signal);
    await execSomething(workspace, signal);
  } finally {
    await workspaces.delete(workspace.id);
  }
}

async function execSomething(workspace: Workspace, signal: AbortSignal): Promise<void> {
  const input = {
    command: OWN_COMMAND,
    timeoutSeconds: COMMAND_TIMEOUT_SECONDS,
    cwd: undefined,
    secretEnv: {},
  };
  const { exec } = await workspace.exec(input, { signal, onEvent: () => undefined, stdin: undefined });
  if (exec.exitCode === 0) return;
  throw new PyroError("guest_start_failed", `the command of the trial guest exited with ${exec.exitCode}`);
}
