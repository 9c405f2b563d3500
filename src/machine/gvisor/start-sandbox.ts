// Starts one sandbox: bundle, runsc, the agent's first connection.
// What was acquired is released again when any step fails.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Socket } from "node:net";
import { PyroError } from "../../contract/errors.js";
import { GuestAgent } from "../../guest/agent.js";
import { listenForAgent, type AgentListener } from "../../guest/channel.js";
import { findProcess, waitForExit, type ProcessIdentity } from "../../platform/process-identity.js";
import { Scope } from "../../platform/scope.js";
import type { GvisorPlatform } from "../../platform/settings.js";
import { checkShortState } from "../../platform/state-paths.js";
import type { MachineSpec } from "../engine.js";
import { buildBundle, hostLimits } from "./bundle.js";
import type { GvisorMachine } from "./gvisor-machine.js";
import { cgroupPath, flagsFor, runscRootDir, sandboxDirectory, type GvisorHost } from "./host.js";
import { explainByLayer } from "./layer-failure.js";
import { readLogTail } from "./log-tail.js";
import type { SandboxDirectory } from "./record.js";
import { ParkedSandbox } from "./parked-sandbox.js";
import { removeByForce } from "./remove-sandbox.js";
import { runDetached } from "./runsc.js";

/** A start takes 0.1–0.2 s; on a host that starts 30 at once on two cores, some seconds. */
const START_TIMEOUT_MS = 30_000;
/** A layer of 100,000 files takes 2 s, a tar of 1 GB takes 11 s. */
const LAYER_START_TIMEOUT_MS = 120_000;

export interface StartOptions {
  readonly platform: GvisorPlatform;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Starts a sandbox and gives it its identity. */
export async function startSandbox(
  host: GvisorHost,
  spec: MachineSpec,
  options: StartOptions,
): Promise<GvisorMachine> {
  const parked = await parkSandbox(host, spec, options);
  try {
    return await parked.claim(options.signal);
  } catch (error) {
    await parked.remove();
    throw error;
  }
}

/** Starts a sandbox up to its agent's connection: it runs nothing and is nobody yet. */
export async function parkSandbox(
  host: GvisorHost,
  spec: MachineSpec,
  options: StartOptions,
): Promise<ParkedSandbox> {
  const deadline = AbortSignal.timeout(options.timeoutMs ?? timeoutFor(spec));
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const directory = sandboxDirectory(host.paths, spec.id);
  await using scope = new Scope();
  try {
    return await start(host, spec, options.platform, directory, scope, signal);
  } catch (error) {
    if (!deadline.aborted || options.signal?.aborted) throw error;
    const log = await readLogTail(directory.logDir);
    throw new PyroError("guest_start_timeout", "the guest's agent did not connect in time", {
      details: { log },
      cause: error,
    });
  }
}

async function start(
  host: GvisorHost,
  spec: MachineSpec,
  platform: GvisorPlatform,
  directory: SandboxDirectory,
  scope: Scope,
  signal: AbortSignal,
): Promise<ParkedSandbox> {
  await checkShortState(host.paths);
  await mkdir(runscRootDir(host.paths), { recursive: true, mode: 0o700 });
  scope.defer(() => removeByForce(host, spec.id));
  await directory.create();
  await writeFile(
    path.join(directory.bundleDir, "config.json"),
    JSON.stringify(bundleFor(host, spec, directory)),
  );
  const listener = await listenForAgent(directory.socketPath);
  scope.defer(() => listener.close());

  await runDetached(
    {
      runscPath: host.build.runscPath,
      flags: flagsFor(host, spec.id, platform, spec.diskMib),
      args: [
        "run",
        "--detach",
        `--bundle=${directory.bundleDir}`,
        `--pid-file=${directory.pidFile}`,
        ...(spec.layer?.kind === "capture" ? [`--fs-restore-image-path=${spec.layer.path}`] : []),
        spec.id,
      ],
      timeoutMs: timeoutFor(spec),
      logDir: directory.logDir,
    },
    signal,
  ).catch((error: unknown) => {
    throw explainByLayer(error, spec.layer);
  });
  const sandbox = await readSandboxProcess(directory);
  const agent = new GuestAgent(await acceptAgent(listener, sandbox, directory, signal));
  scope.defer(() => agent.close());
  await agent.hello(undefined, signal);
  // From here on the parked sandbox owns everything.
  scope.move();
  return new ParkedSandbox({ host, spec, platform, process: sandbox, agent });
}

function timeoutFor({ layer }: MachineSpec): number {
  return layer ? LAYER_START_TIMEOUT_MS : START_TIMEOUT_MS;
}

function bundleFor(host: GvisorHost, spec: MachineSpec, directory: SandboxDirectory) {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  return buildBundle({
    rootfsDir: spec.rootfsDir,
    agentPath: host.build.agentPath,
    channelDir: directory.channelDir,
    ...(spec.layer?.kind === "tar" && { layerTar: spec.layer.path }),
    ...(uid !== 0 && { mapToRoot: { uid, gid } }),
    ...(host.cgroups && {
      cgroup: { path: cgroupPath(host.paths, spec.id), limits: hostLimits(spec.vcpuCount, spec.memMib) },
    }),
  });
}

async function readSandboxProcess(directory: SandboxDirectory): Promise<ProcessIdentity> {
  const pid = Number(await readFile(directory.pidFile, "utf8"));
  const found = await findProcess(pid);
  if (found) return found;
  throw await endedAtOnce(directory);
}

/** A sandbox that dies before its agent has dialled is an error at once, and not at the deadline. */
async function acceptAgent(
  listener: AgentListener,
  sandbox: ProcessIdentity,
  directory: SandboxDirectory,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const onAbort = () => void listener.close();
  signal.addEventListener("abort", onAbort, { once: true });
  const accepted = new AbortController();
  const death = waitForExit(sandbox, LAYER_START_TIMEOUT_MS, accepted.signal).then(async (isDead) => {
    if (isDead) await listener.close();
    return isDead;
  });
  try {
    return await listener.connection;
  } catch (error) {
    signal.throwIfAborted();
    throw (await death) ? await endedAtOnce(directory) : error;
  } finally {
    accepted.abort();
    signal.removeEventListener("abort", onAbort);
  }
}

async function endedAtOnce(directory: SandboxDirectory): Promise<PyroError> {
  return new PyroError("guest_start_failed", "the sandbox ended as soon as it had started", {
    details: { log: await readLogTail(directory.logDir) },
  });
}
