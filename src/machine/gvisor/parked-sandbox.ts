// A sandbox that runs, with its agent connected, and waits for somebody who wants a guest.
//
// It has no identity yet: hostname, machine-id and token are given at the claim, so that nothing random
// or unique in it is known to anybody before.

import { randomBytes } from "node:crypto";
import type { MachineId } from "../../contract/ids.js";
import type { GuestAgent } from "../../guest/agent.js";
import type { ProcessIdentity } from "../../platform/process-identity.js";
import type { GvisorPlatform } from "../../platform/settings.js";
import type { MachineSpec, ParkedMachine } from "../engine.js";
import { GvisorMachine } from "./gvisor-machine.js";
import { cgroupPath, sandboxDirectory, type GvisorHost } from "./host.js";
import { readSandboxMemory } from "./memory-usage.js";
import { removeSandbox } from "./remove-sandbox.js";

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

  constructor(parts: ParkedSandboxParts) {
    this.id = parts.spec.id;
    this.ended = parts.agent.closed;
    this.#parts = parts;
  }

  /** The first command of a guest takes twice as long as the second: shell, loader and C library come from the host. */
  async warmUp(): Promise<void> {
    const request = { argv: ["sh", "-c", "/bin/true"], timeoutMs: WARM_UP_TIMEOUT_MS };
    // How it ends does not matter: an image may have no shell.
    await this.#parts.agent.exec(request, () => undefined);
  }

  async claim(signal?: AbortSignal): Promise<GvisorMachine> {
    const { host, spec, platform, process, agent } = this.#parts;
    const token = randomBytes(TOKEN_BYTES);
    const record = {
      ...process,
      id: spec.id,
      token: token.toString("hex"),
      platform,
      runscPath: host.build.runscPath,
      memMib: spec.memMib,
      ...(host.cgroups && { cgroup: cgroupPath(host.paths, spec.id) }),
    };
    const identity = {
      token,
      hostname: `pyro-${spec.id.slice(0, 12)}`,
      machineId: randomBytes(MACHINE_ID_BYTES).toString("hex"),
      maxTasks: BASE_TASKS + Math.floor(spec.memMib * TASKS_PER_MIB),
    };
    const directory = sandboxDirectory(host.paths, spec.id);
    const [warnings] = await Promise.all([agent.configure(identity, signal), directory.writeRecord(record)]);
    for (const warning of warnings) host.onWarning(warning);
    return new GvisorMachine(host, spec.id, record, agent);
  }

  async memoryBytes(): Promise<number> {
    return readSandboxMemory(this.#parts.process.pid);
  }

  async remove(): Promise<void> {
    await removeSandbox(this.#parts.host, this.id, this.#parts.process);
    this.#parts.agent.close();
  }
}
