// Ends a sandbox and takes away everything that it has on the host. Works on any state of it, also on
// what a runsc that was killed half-way does not know itself.

import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { signalProcess, waitForExit, type ProcessIdentity } from "../../platform/process-identity.js";
import { checkShortState } from "../../platform/state-paths.js";
import { callFlags, cgroupPath, runscRootDir, sandboxDirectory, type GvisorHost } from "./host.js";
import { removeCgroups } from "./host-cgroups.js";
import { callRunsc } from "./runsc.js";
import { findSandboxProcesses } from "./sandbox-processes.js";

const DELETE_TIMEOUT_MS = 15_000;
const KILL_TIMEOUT_MS = 5_000;
/** A program that is being killed may have started another one meanwhile, but not again and again. */
const MAX_SCANS = 10;

/** What removing needs to know; the engine's programs may be missing. */
export type RemovalHost = Pick<GvisorHost, "paths" | "cgroups">;

/** Removes a sandbox whose process is known by runsc's own command, and by force what that leaves or fails at. */
export async function removeSandbox(host: GvisorHost, id: string, sandbox: ProcessIdentity): Promise<void> {
  // First: runsc asks the Sentry, and one that is frozen would not answer.
  await signalProcess(sandbox, "SIGKILL");
  const isDeleted = await deleteByRunsc(host, id).catch(() => false);
  if (isDeleted && (await findRunscFiles(host, id)).length === 0) await removeFiles(host, id);
  else await removeByForce(host, id);
}

/** Kills the sandbox's processes, found by name, and removes every file and cgroup of it. */
export async function removeByForce(host: RemovalHost, id: string): Promise<void> {
  await killSandbox(host, id);
  await removeFiles(host, id);
}

/** Kills the sandbox's processes and makes runsc forget it; its directory stays, with what it logged. */
export async function killSandbox(host: RemovalHost, id: string): Promise<void> {
  const rootDir = runscRootDir(host.paths);
  for (let scan = 0; scan < MAX_SCANS; scan++) {
    const found = await findSandboxProcesses(rootDir, id);
    if (found.length === 0) break;
    for (const process of found) await signalProcess(process, "SIGKILL");
    for (const process of found) await waitForExit(process, KILL_TIMEOUT_MS);
  }
  for (const name of await findRunscFiles(host, id)) {
    await rm(path.join(rootDir, name), { recursive: true, force: true });
  }
}

/** False: runsc could not do it. */
async function deleteByRunsc(host: GvisorHost, id: string): Promise<boolean> {
  // Where the link to the state is gone, runsc would make a directory in its place.
  await checkShortState(host.paths);
  const { exitCode } = await callRunsc({
    runscPath: host.build.runscPath,
    flags: callFlags(host, id),
    args: ["delete", "--force", id],
    timeoutMs: DELETE_TIMEOUT_MS,
  });
  return exitCode === 0;
}

async function removeFiles(host: RemovalHost, id: string): Promise<void> {
  if (host.cgroups) await removeCgroups(host.cgroups, cgroupPath(host.paths, id));
  await sandboxDirectory(host.paths, id).remove();
}

async function findRunscFiles(host: RemovalHost, id: string): Promise<string[]> {
  const names = await readdir(runscRootDir(host.paths)).catch(() => []);
  return names.filter((name) => name.includes(id));
}
