// The gVisor engine: sandboxes of runsc behind the Engine interface.

import type { MachineId } from "../../contract/ids.js";
import type { GvisorPlatform } from "../../platform/settings.js";
import type { StatePaths } from "../../platform/state-paths.js";
import type { EngineReport, Machine, MachineSpec, ParkedMachine, ParkingEngine } from "../engine.js";
import { engineUnavailable } from "../engine-unavailable.js";
import { adoptSandbox } from "./adopt-sandbox.js";
import { ensureEngineBuild } from "./build.js";
import { cgroupPath, type GvisorHost } from "./host.js";
import { findUsableCgroups } from "./host-cgroups.js";
import { probePlatform, type ProbeOutcome } from "./probe.js";
import { reapSandboxes } from "./reap.js";
import { parkSandbox, startSandbox, type StartOptions } from "./start-sandbox.js";

export interface GvisorEngineOptions {
  readonly paths: StatePaths;
  /** Instead of the probe's choice between kvm and systrap. */
  readonly platform: GvisorPlatform | undefined;
  /** As GvisorHost has it; absent: nobody is told. */
  readonly onWarning?: (message: string) => void;
}

export class GvisorEngine implements ParkingEngine {
  readonly name = "gvisor";
  readonly #options: GvisorEngineOptions;
  #host: Promise<GvisorHost> | undefined;
  #outcome: Promise<ProbeOutcome> | undefined;

  constructor(options: GvisorEngineOptions) {
    this.#options = options;
  }

  async probe(): Promise<EngineReport> {
    const host = await this.#ensureHost();
    const outcome = await this.#ensureOutcome(host);
    return {
      name: this.name,
      platform: outcome.platform,
      version: host.build.version,
      securityBoundary: true,
      memoryLimit: host.cgroups ? "cgroup" : "watchdog",
      build: host.build.programs,
      kvmBootsGuest: outcome.kvmBootsGuest,
      problems: outcome.problems,
    };
  }

  async start(spec: MachineSpec, signal?: AbortSignal): Promise<Machine> {
    const host = await this.#ensureHost();
    return startSandbox(host, spec, await this.#startOptions(host, signal));
  }

  async park(spec: MachineSpec, signal?: AbortSignal): Promise<ParkedMachine> {
    const host = await this.#ensureHost();
    return parkSandbox(host, spec, await this.#startOptions(host, signal));
  }

  async adopt(id: MachineId, signal?: AbortSignal): Promise<Machine | undefined> {
    return adoptSandbox(await this.#ensureHost(), id, signal);
  }

  async reap(keep: ReadonlySet<string>): Promise<readonly string[]> {
    // Without the build: what a former one has left goes also when the package is damaged.
    const { paths } = this.#options;
    return reapSandboxes({ paths, cgroups: await findUsableCgroups(cgroupPath(paths, "")) }, keep);
  }

  async #startOptions(host: GvisorHost, signal: AbortSignal | undefined): Promise<StartOptions> {
    const { platform, problems } = await this.#ensureOutcome(host);
    if (platform) return { platform, ...(signal && { signal }) };
    throw engineUnavailable(problems);
  }

  // Both are found out once; a failure is found out again, because the user may have cured it.
  #ensureHost(): Promise<GvisorHost> {
    this.#host ??= this.#openHost().catch((error: unknown) => {
      this.#host = undefined;
      throw error;
    });
    return this.#host;
  }

  async #openHost(): Promise<GvisorHost> {
    const { paths } = this.#options;
    const build = await ensureEngineBuild(paths.state);
    const cgroups = await findUsableCgroups(cgroupPath(paths, ""));
    return { paths, build, cgroups, onWarning: this.#options.onWarning ?? (() => undefined) };
  }

  #ensureOutcome(host: GvisorHost): Promise<ProbeOutcome> {
    this.#outcome ??= probePlatform(host, this.#options.platform).then(
      (outcome) => {
        if (!outcome.platform) this.#outcome = undefined;
        return outcome;
      },
      (error: unknown) => {
        this.#outcome = undefined;
        throw error;
      },
    );
    return this.#outcome;
  }
}
