// What one daemon knows about its gVisor engine: paths, build, platform, limits.

import path from "node:path";
import type { GvisorPlatform } from "../../platform/settings.js";
import type { StatePaths } from "../../platform/state-paths.js";
import type { EngineBuild } from "./build.js";
import { runscFlags } from "./flags.js";
import type { CgroupLayout } from "./host-cgroups.js";
import { SandboxDirectory } from "./record.js";

export interface GvisorHost {
  readonly paths: StatePaths;
  readonly build: EngineBuild;
  /** Undefined: a watchdog limits memory. */
  readonly cgroups: CgroupLayout | undefined;
  /** Told in words what of a guest could not be applied or looked after: the guest runs all the same. */
  readonly onWarning: (message: string) => void;
}

/** runsc's own state of all sandboxes, its --root. */
export function runscRootDir(paths: StatePaths): string {
  return path.join(paths.shortState, "runsc");
}

export function sandboxDirectory(paths: StatePaths, id: string): SandboxDirectory {
  return new SandboxDirectory(paths.shortState, id);
}

/** Cgroup of one sandbox, below one parent for each state directory. */
export function cgroupPath(paths: StatePaths, id: string): string {
  const owner = path.basename(path.dirname(paths.shortState));
  return `/pyro-${owner}/${id}`;
}

export function flagsFor(host: GvisorHost, id: string, platform: GvisorPlatform, diskMib: number): string[] {
  const { overlayDir, logDir } = sandboxDirectory(host.paths, id);
  return runscFlags({
    rootDir: runscRootDir(host.paths),
    overlayDir,
    diskMib,
    platform,
    asRoot: process.geteuid?.() === 0,
    useCgroups: host.cgroups !== undefined,
    logDir,
  });
}

/** For calls about a sandbox that runs: what it was started with counts, not what is said here. */
export function callFlags(host: GvisorHost, id: string): string[] {
  return flagsFor(host, id, "systrap", 1);
}
