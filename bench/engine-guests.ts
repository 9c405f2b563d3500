// An engine of this process's own, in a state directory of its own: guests without a daemon.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DISK_MIB, MEM_MIB, VCPU_COUNT } from "../src/contract/limits.js";
import type { Machine } from "../src/machine/engine.js";
import { freshMachines } from "../src/machine/fresh-machines.js";
import { GvisorEngine } from "../src/machine/gvisor/gvisor-engine.js";
import { resolveSettings } from "../src/platform/settings.js";
import { ensureStateDirectories } from "../src/platform/state-paths.js";

export class EngineGuests implements AsyncDisposable {
  readonly #directory: string;
  readonly #engine: GvisorEngine;

  private constructor(directory: string, engine: GvisorEngine) {
    this.#directory = directory;
    this.#engine = engine;
  }

  static async open(): Promise<EngineGuests> {
    const directory = await mkdtemp(path.join(tmpdir(), "pyro-bench-engine-"));
    const settings = resolveSettings({
      HOME: directory,
      XDG_RUNTIME_DIR: directory,
      PYRO_STATE_DIR: path.join(directory, "state"),
    });
    const paths = await ensureStateDirectories(settings);
    return new EngineGuests(
      directory,
      new GvisorEngine({ paths, platform: resolveSettings().gvisorPlatform }),
    );
  }

  /** A guest of the default size on this root file system. Whoever calls it removes it. */
  start(rootfsDir: string, signal: AbortSignal): Promise<Machine> {
    const shape = {
      rootfsDir,
      vcpuCount: VCPU_COUNT.default,
      memMib: MEM_MIB.default,
      diskMib: DISK_MIB,
    };
    return freshMachines(this.#engine).start(shape, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.reap(new Set());
    await rm(this.#directory, { recursive: true, force: true });
  }
}
