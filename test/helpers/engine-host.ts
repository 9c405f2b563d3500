// The gVisor engine without a daemon, on the state of a test.

import { DISK_MIB } from "../../src/contract/limits.js";
import { EnvironmentStore } from "../../src/environment/environment-store.js";
import type { MachineSpec } from "../../src/machine/engine.js";
import { newMachineId } from "../../src/machine/fresh-machines.js";
import { ensureEngineBuild } from "../../src/machine/gvisor/build.js";
import { GvisorEngine } from "../../src/machine/gvisor/gvisor-engine.js";
import { findUsableCgroups } from "../../src/machine/gvisor/host-cgroups.js";
import { cgroupPath, type GvisorHost } from "../../src/machine/gvisor/host.js";
import { ensureStateDirectories } from "../../src/platform/state-paths.js";
import type { TestPyro } from "./test-pyro.js";

export async function openEngine(pyro: TestPyro): Promise<GvisorEngine> {
  return new GvisorEngine({ paths: await ensureStateDirectories(pyro.settings), platform: "systrap" });
}

/** What the engine itself works with; `libexec` may be that of a copy. */
export async function openHost(pyro: TestPyro, libexec?: string): Promise<GvisorHost> {
  const paths = await ensureStateDirectories(pyro.settings);
  const build = await ensureEngineBuild(paths.state, libexec);
  const cgroups = await findUsableCgroups(cgroupPath(paths, ""));
  return { paths, build, cgroups, onWarning: () => undefined };
}

/** A small guest of the installed default environment. */
export async function newSpec(pyro: TestPyro): Promise<MachineSpec> {
  const { installed } = await new EnvironmentStore(pyro.settings.environmentCacheDir).inspect("debian:12");
  if (!installed) throw new Error("debian:12 is not installed: run `pyro env pull debian:12`");
  const { rootfsDir } = installed;
  return { id: newMachineId(), rootfsDir, vcpuCount: 1, memMib: 512, diskMib: DISK_MIB };
}
