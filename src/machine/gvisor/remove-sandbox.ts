// Ends a sandbox and takes away everything that it has on the host. Works on any state of it, also on
// what a runsc that was killed half-way does not know itself.

import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { signalProcess, waitForExit } from "../../platform/process-identity.js";
import { cgroupPath, flagsFor, runscRootDir, sandboxDirectory, type GvisorHost } from "./host.js";
import { removeCgroups } from "./host-cgroups.js";
import { callRunsc } from "./runsc.js";
import { findSandboxProcesses } from "./sandbox-processes.js";

const DELETE_TIMEOUT_MS = 15_000;
const KILL_TIMEOUT_MS = 5_000;

/** Removes by runsc's own command, and by force what that leaves or fails at. */
export async function removeSandbox(host: GvisorHost, id: string): Promise<void> {
  const directory = sandboxDirectory(host.paths, id);
  await directory.create();
  const deleted = await callRunsc({
    runscPath: host.build.runscPath,
    flags: flagsFor(host, id, "systrap", 1),
    args: ["delete", "--force", id],
    timeoutMs: DELETE_TIMEOUT_MS,
    logDir: directory.logDir,
  });
  if (deleted.exitCode !== 0 || (await findRunscFiles(host, id)).length > 0) await removeByForce(host, id);
  if (host.cgroups) await removeCgroups(host.cgroups, cgroupPath(host.paths, id));
  await directory.remove();
}

/** Kills the sandbox's processes, found by name, and removes runsc's files about it. */
export async function removeByForce(host: GvisorHost, id: string): Promise<void> {
  for (const process of await findSandboxProcesses(runscRootDir(host.paths), id)) {
    await signalProcess(process, "SIGKILL");
    await waitForExit(process, KILL_TIMEOUT_MS);
  }
  for (const name of await findRunscFiles(host, id)) {
    await rm(path.join(runscRootDir(host.paths), name), { recursive: true, force: true });
  }
}

async function findRunscFiles(host: GvisorHost, id: string): Promise<string[]> {
  const names = await readdir(runscRootDir(host.paths)).catch(() => []);
  return names.filter((name) => name.includes(id));
}
