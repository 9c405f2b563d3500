// What a pyro has left on the host: processes, mounts, cgroups, and sandbox files.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
import type { Settings } from "../../src/platform/settings.js";

export interface Leftovers {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly cgroups: readonly string[];
  readonly files: readonly string[];
}

export const NOTHING: Leftovers = { processes: [], mounts: [], cgroups: [], files: [] };

/** Everything but the daemon itself, its lock holder and the caller. */
export async function findLeftovers(settings: Settings): Promise<Leftovers> {
  const [processes, mounts, cgroups, files] = await Promise.all([
    findProcesses(settings),
    findMounts(settings),
    findCgroups(settings),
    findFiles(settings),
  ]);
  return { processes, mounts, cgroups, files };
}

async function findProcesses({ stateDir, runtimeDir }: Settings): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const cmdline = (await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
    if (cmdline.includes(stateDir) || cmdline.includes(runtimeDir)) found.push(`${entry} ${cmdline}`);
  }
  return found;
}

async function findMounts({ stateDir, runtimeDir }: Settings): Promise<string[]> {
  const lines = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  return lines.filter((line) => line.includes(stateDir) || line.includes(runtimeDir));
}

async function findCgroups({ runtimeDir }: Settings): Promise<string[]> {
  const name = `pyro-${path.basename(runtimeDir)}`;
  const roots = [
    "/sys/fs/cgroup",
    ...(await readdir("/sys/fs/cgroup").catch(() => [])).map((each) => `/sys/fs/cgroup/${each}`),
  ];
  const found: string[] = [];
  for (const root of roots) {
    const names = await readdir(path.join(root, name)).catch(() => []);
    // Of an own directory in a cgroup file system only its subdirectories are guests.
    found.push(
      ...names.filter((each) => /^[0-9a-f]{32}$/.test(each)).map((each) => path.join(root, name, each)),
    );
  }
  return found;
}

async function findFiles(settings: Settings): Promise<string[]> {
  const { state } = resolveStatePaths(settings);
  const found: string[] = [];
  for (const directory of ["machines", "runsc", "host-compat"]) {
    const names = await readdir(path.join(state, directory)).catch(() => []);
    // runsc keeps one mount point of its own while the daemon lives.
    found.push(
      ...names.filter((name) => name !== "null-netns").map((name) => path.join(state, directory, name)),
    );
  }
  return found;
}
