// A guest whose only purpose is to show that guests work here: it starts, runs a command, is captured, and starts again
// on its capture.

import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { PyroError, toPyroError } from "../../contract/errors.js";
import { formatLayerId } from "../../contract/ids.js";
import { Scope } from "../../platform/scope.js";
import type { GvisorPlatform } from "../../platform/settings.js";
import { unlessAborted } from "../../platform/unless-aborted.js";
import type { Layer } from "../engine.js";
import { newMachineId } from "../fresh-machines.js";
import { GUEST_AGENT_PATH, GUEST_CHANNEL_DIR } from "./bundle.js";
import type { GvisorMachine } from "./gvisor-machine.js";
import type { GvisorHost } from "./host.js";
import { startSandbox } from "./start-sandbox.js";

/** A /dev/kvm that opens but cannot run a guest hangs; a good one takes a fraction of a second. */
const TRIAL_TIMEOUT_MS: Readonly<Record<GvisorPlatform, number>> = { kvm: 5_000, systrap: 30_000 };
const TRIAL_SIZE = { vcpuCount: 1, memMib: 256, diskMib: 64 };
const LAYER_ID_BYTES = 16;

interface Trial {
  readonly host: GvisorHost;
  readonly platform: GvisorPlatform;
  readonly rootfsDir: string;
  /** Of performance.now(). */
  readonly deadlineMs: number;
  /** Aborts at the deadline too. */
  readonly ended: AbortSignal;
  readonly signal: AbortSignal | undefined;
}

/** Undefined: all of it worked. Nothing of it is left either way. */
export async function tryGuest(
  host: GvisorHost,
  platform: GvisorPlatform,
  signal: AbortSignal | undefined,
): Promise<PyroError | undefined> {
  const timeoutMs = TRIAL_TIMEOUT_MS[platform];
  const deadlineMs = performance.now() + timeoutMs;
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    const rootfsDir = await ensureTrialRootfs(host);
    await captureAndRestart({ host, platform, rootfsDir, deadlineMs, ended, signal });
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PyroError || !deadline.aborted) return toPyroError(error);
    return new PyroError("guest_start_timeout", `it took longer than ${timeoutMs / 1000} s`, {
      cause: error,
    });
  }
}

async function captureAndRestart(trial: Trial): Promise<void> {
  const directory = path.join(trial.host.paths.state, "probe-layer");
  await using scope = new Scope();
  scope.defer(() => rm(directory, { recursive: true, force: true }));
  // With what a killed trial has left.
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });

  await withGuest(trial, undefined, async (machine) => {
    await runCommand(machine, trial.ended);
    await machine.capture(directory, trial.ended);
  });
  const layer = { id: formatLayerId(randomBytes(LAYER_ID_BYTES)), kind: "capture", path: directory } as const;
  await withGuest(trial, layer, async (machine) => {
    await unlessAborted(machine.loaded, trial.ended);
    await runCommand(machine, trial.ended);
  });
}

async function withGuest(
  { host, platform, rootfsDir, deadlineMs, signal }: Trial,
  layer: Layer | undefined,
  use: (machine: GvisorMachine) => Promise<void>,
): Promise<void> {
  const spec = { ...TRIAL_SIZE, id: newMachineId(), rootfsDir, layer };
  // By its own deadline: its error has the engine's log.
  const timeoutMs = Math.max(1, Math.ceil(deadlineMs - performance.now()));
  const machine = await startSandbox(host, spec, { platform, timeoutMs, ...(signal && { signal }) });
  try {
    await use(machine);
  } finally {
    await machine.remove();
  }
}

async function runCommand({ agent }: GvisorMachine, signal: AbortSignal): Promise<void> {
  const { exitCode } = await agent.exec({ argv: [GUEST_AGENT_PATH, "--version"] }, () => undefined, signal);
  if (exitCode === 0) return;
  throw new PyroError("guest_start_failed", `a command in the trial guest exited with ${exitCode}`);
}

/** A root file system that holds nothing but mount points: the agent is the only program of the trial guest. */
async function ensureTrialRootfs(host: GvisorHost): Promise<string> {
  const rootfs = path.join(host.paths.state, "probe-rootfs");
  const directories = ["proc", "sys", "dev", "tmp", GUEST_CHANNEL_DIR, path.posix.dirname(GUEST_AGENT_PATH)];
  for (const directory of directories) {
    await mkdir(path.join(rootfs, directory), { recursive: true, mode: 0o755 });
  }
  await writeFile(path.join(rootfs, GUEST_AGENT_PATH), "", { mode: 0o755 });
  await writeFile(path.join(rootfs, "tmp", ".keep"), "");
  return rootfs;
}
