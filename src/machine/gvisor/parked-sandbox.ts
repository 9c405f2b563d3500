// A sandbox that runs, with its agent connected, and waits for somebody who wants a guest.
//
// It gets its identity (hostname, machine-id, token) before anybody wants it: to write it takes the guest longer than
// all the rest of a claim. Nobody but this daemon has known it until then, and a baseline is captured before.

import { randomBytes } from "node:crypto";
import type { MachineId } from "../../contract/ids.js";
import type { GuestAgent } from "../../guest/agent.js";
import type { ProcessIdentity } from "../../platform/process-identity.js";
import type { GvisorPlatform } from "../../platform/settings.js";
import type { CaptureInfo, MachineSpec, ParkedMachine } from "../engine.js";
import { GvisorMachine } from "./gvisor-machine.js";
import { cgroupPath, sandboxDirectory, type GvisorHost } from "./host.js";
import type { SandboxRecord } from "./record.js";
import { removeSandbox } from "./remove-sandbox.js";
import { SandboxLayers } from "./sandbox-layers.js";
import { SandboxUsage } from "./sandbox-usage.js";

const TOKEN_BYTES = 32;
const MACHINE_ID_BYTES = 16;
/** Tasks that a guest may have however small it is. */
const BASE_TASKS = 256;
/** A small process costs under 1 MiB with all that the host keeps for it: it gets EAGAIN before the guest dies. */
const TASKS_PER_MIB = 0.5;

const WARM_UP_TIMEOUT_MS = 5_000;

export interface ParkedSandboxParts {
  readonly host: GvisorHost;
  readonly spec: MachineSpec;
  readonly platform: GvisorPlatform;
  readonly process: ProcessIdentity;
  readonly agent: GuestAgent;
}

export class ParkedSandbox implements ParkedMachine {
  readonly id: MachineId;
  readonly ended: Promise<void>;
  readonly #parts: ParkedSandboxParts;
  readonly #record: SandboxRecord;
  readonly #layers: SandboxLayers;
  readonly #usage: SandboxUsage;
  #isIdentified = false;

  constructor(parts: ParkedSandboxParts) {
    this.id = parts.spec.id;
    this.ended = parts.agent.closed;
    this.#parts = parts;
    this.#record = recordOf(parts);
    this.#layers = new SandboxLayers(parts.host, this.#record);
    this.#usage = new SandboxUsage(this.#record.pid);
  }

  get loaded(): Promise<void> {
    return this.#layers.loaded;
  }

  capture(directory: string, signal?: AbortSignal): Promise<CaptureInfo> {
    return this.#layers.capture(directory, signal);
  }

  /** The first command of a guest takes twice as long as the second: shell, loader and C library come from the host. */
  async warmUp(): Promise<void> {
    const request = { argv: ["sh", "-c", "/bin/true"], timeoutMs: WARM_UP_TIMEOUT_MS };
    await Promise.all([
      // How it ends does not matter: an image may have no shell.
      this.#parts.agent.exec(request, () => undefined),
      // Finds the files that it measures, which whoever claims the guest would wait for.
      this.#usage.readMemoryBytes(),
      this.#usage.readDiskBytes(),
    ]);
  }

  async identify(signal?: AbortSignal): Promise<void> {
    const { host, spec, agent } = this.#parts;
    const identity = {
      token: Buffer.from(this.#record.token, "hex"),
      hostname: `pyro-${spec.id.slice(0, 12)}`,
      machineId: randomBytes(MACHINE_ID_BYTES).toString("hex"),
      maxTasks: BASE_TASKS + Math.floor(spec.memMib * TASKS_PER_MIB),
    };
    for (const warning of await agent.configure(identity, signal)) host.onWarning(warning);
    this.#isIdentified = true;
  }

  async claim(signal?: AbortSignal): Promise<GvisorMachine> {
    const { host, spec, agent } = this.#parts;
    const record = this.#record;
    await Promise.all([
      // Whoever claims it must not be the one who finds out that it is frozen.
      this.#isIdentified ? agent.ping(signal) : this.identify(signal),
      sandboxDirectory(host.paths, spec.id).writeRecord(record),
    ]);
    return new GvisorMachine({ host, id: spec.id, record, agent, layers: this.#layers, usage: this.#usage });
  }

  async memoryBytes(): Promise<number> {
    return this.#usage.readMemoryBytes();
  }

  async remove(): Promise<void> {
    await removeSandbox(this.#parts.host, this.id, this.#parts.process);
    await this.#layers.stop();
    this.#parts.agent.close();
  }
}

function recordOf({ host, spec, platform, process }: ParkedSandboxParts): SandboxRecord {
  return {
    ...process,
    id: spec.id,
    token: randomBytes(TOKEN_BYTES).toString("hex"),
    platform,
    runscPath: host.build.runscPath,
    engineBuild: host.build.digest,
    memMib: spec.memMib,
    ...(spec.layer?.kind === "capture" && { layerId: spec.layer.id }),
    ...(host.cgroups && { cgroup: cgroupPath(host.paths, spec.id) }),
  };
}
