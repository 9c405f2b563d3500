// One running sandbox.

import { toPyroError } from "../../contract/errors.js";
import type { MachineId } from "../../contract/ids.js";
import type { GuestAgent } from "../../guest/agent.js";
import { signalProcess, waitForExit } from "../../platform/process-identity.js";
import type { CaptureInfo, EngineLabel, Machine, MachineExit, SocketPlace } from "../engine.js";
import { hostLimits, NETWORK_SOCKET_NAME } from "./bundle.js";
import { cgroupPath, sandboxDirectory, type GvisorHost } from "./host.js";
import { wasOutOfMemory } from "./host-cgroups.js";
import { watchSandbox, type SandboxWatch } from "./watchdog.js";
import type { SandboxRecord } from "./record.js";
import { killSandbox, removeSandbox } from "./remove-sandbox.js";
import type { SandboxLayers } from "./sandbox-layers.js";
import type { SandboxUsage } from "./sandbox-usage.js";

/** A sandbox whose connection is gone ends by itself within this; one that does not has lost its agent. */
const DEATH_GRACE_MS = 3_000;

export interface GvisorMachineParts {
  readonly host: GvisorHost;
  readonly id: MachineId;
  readonly record: SandboxRecord;
  readonly agent: GuestAgent;
  readonly layers: SandboxLayers;
  readonly usage: SandboxUsage;
}

export class GvisorMachine implements Machine {
  readonly id: MachineId;
  readonly agent: GuestAgent;
  readonly engine: EngineLabel;
  readonly networkSocket: SocketPlace;
  readonly exited: Promise<MachineExit>;
  readonly #host: GvisorHost;
  readonly #record: SandboxRecord;
  readonly #layers: SandboxLayers;
  readonly #usage: SandboxUsage;
  readonly #watch: SandboxWatch;
  #removal: Promise<void> | undefined;
  /** Its end is ours, and needs no explanation. */
  #isLetGo = false;

  constructor({ host, id, record, agent, layers, usage }: GvisorMachineParts) {
    this.id = id;
    this.agent = agent;
    this.engine = { name: "gvisor", platform: record.platform, securityBoundary: true };
    this.networkSocket = {
      path: sandboxDirectory(host.paths, id).networkSocketPath,
      name: NETWORK_SOCKET_NAME,
    };
    this.#host = host;
    this.#record = record;
    this.#layers = layers;
    this.#usage = usage;
    this.#watch = watchSandbox({
      usage: this.#usage,
      logDir: sandboxDirectory(host.paths, id).logDir,
      memoryLimitBytes: record.cgroup === undefined ? hostLimits(1, record.memMib).memoryBytes : undefined,
      kill: () => killSandbox(host, id),
      onFailure: (error) => host.onWarning(`the guest ${id} could not be looked after: ${describe(error)}`),
    });
    this.exited = agent.closed.then(() => this.#explainExit());
  }

  get loaded(): Promise<void> {
    return this.#layers.loaded;
  }

  capture(directory: string, signal?: AbortSignal): Promise<CaptureInfo> {
    return this.#layers.capture(directory, signal);
  }

  exportChanges(file: string, signal?: AbortSignal): Promise<void> {
    return this.#layers.exportChanges(file, signal);
  }

  memoryBytes(): Promise<number> {
    return this.#usage.readMemoryBytes();
  }

  diskBytes(): Promise<number> {
    return this.#usage.readDiskBytes();
  }

  async kill(): Promise<void> {
    this.#isLetGo = true;
    this.#watch.stop();
    await signalProcess(this.#record, "SIGKILL");
  }

  remove(): Promise<void> {
    this.#removal ??= this.#remove();
    return this.#removal;
  }

  release(): void {
    this.#isLetGo = true;
    this.#watch.stop();
    void this.#layers.stop();
    this.agent.close();
  }

  async #remove(): Promise<void> {
    await this.kill();
    await removeSandbox(this.#host, this.id, this.#record);
    await this.#layers.stop();
    this.agent.close();
  }

  async #explainExit(): Promise<MachineExit> {
    this.#watch.stop();
    if (this.#isLetGo) return { reason: "removed", message: "the guest was removed" };
    if (this.#watch.outOfMemory || (await this.#kernelReportsOutOfMemory())) {
      return {
        reason: "out_of_memory",
        message: `the guest used more than its ${this.#record.memMib} MiB of memory`,
      };
    }
    if (await waitForExit(this.#record, DEATH_GRACE_MS))
      return { reason: "ended", message: "the guest ended" };
    // `exited` resolves whatever becomes of this: a rejection that nobody handles would end the daemon.
    await killSandbox(this.#host, this.id).catch((error: unknown) => {
      this.#host.onWarning(`the guest ${this.id} could not be ended: ${describe(error)}`);
    });
    return { reason: "killed", message: "the guest lost its agent and was ended" };
  }

  async #kernelReportsOutOfMemory(): Promise<boolean> {
    if (!this.#host.cgroups || this.#record.cgroup === undefined) return false;
    // Also true when only one of the guest's processes was killed earlier; so the sandbox must be gone as well.
    const outOfMemory = await wasOutOfMemory(this.#host.cgroups, cgroupPath(this.#host.paths, this.id));
    return outOfMemory && waitForExit(this.#record, DEATH_GRACE_MS);
  }
}

function describe(error: unknown): string {
  return toPyroError(error).message;
}
