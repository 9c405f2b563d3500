// What a daemon has on the host, in numbers that must not grow with the guests that have come and gone.

import { readdir } from "node:fs/promises";
import type { Client } from "../../src/client/client.js";
import { runscRootDir } from "../../src/machine/gvisor/host.js";
import { findSandboxProcesses } from "../../src/machine/gvisor/sandbox-processes.js";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
import { daemonStatus } from "./connected-client.js";
import { findLeftovers } from "./leftovers.js";
import type { Connected } from "./use-client.js";

export interface DaemonFigures {
  readonly fileDescriptors: number;
  /** Files and directories below the state directory. */
  readonly stateEntries: number;
  readonly cgroups: number;
  readonly sandboxProcesses: number;
  readonly mounts: number;
}

export async function readDaemonFigures({ client, pyro }: Connected): Promise<DaemonFigures> {
  const { pid } = await daemonStatus(client);
  const { cgroups, mounts } = await findLeftovers(pyro.settings);
  const processes = await findSandboxProcesses(runscRootDir(resolveStatePaths(pyro.settings)));
  return {
    fileDescriptors: (await readdir(`/proc/${pid}/fd`)).length,
    stateEntries: (await readdir(pyro.settings.stateDir, { recursive: true })).length,
    cgroups: cgroups.length,
    sandboxProcesses: processes.length,
    mounts: mounts.length,
  };
}

/** Resident memory of the daemon, bytes. */
export async function readDaemonMemory(client: Client): Promise<number> {
  return (await daemonStatus(client)).memory_bytes;
}
