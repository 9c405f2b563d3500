// Removes what former daemons left: sandboxes that nobody keeps, with their processes, files and mounts.

import { rm } from "node:fs/promises";
import path from "node:path";
import { isMachineId } from "../../contract/ids.js";
import { runProcess } from "../../platform/processes.js";
import { readNames } from "../../platform/read-names.js";
import { cgroupPath, runscRootDir } from "./host.js";
import { removeParentCgroup } from "./host-cgroups.js";
import { removeByForce, type RemovalHost } from "./remove-sandbox.js";
import { findSandboxProcesses } from "./sandbox-processes.js";

const UMOUNT_TIMEOUT_MS = 5_000;

/** Returns the ids of the sandboxes that were removed. All are tried; the first failure is thrown at the end. */
export async function reapSandboxes(host: RemovalHost, keep: ReadonlySet<string>): Promise<string[]> {
  const recorded = await readNames(path.join(host.paths.shortState, "machines"));
  const running = await findSandboxProcesses(runscRootDir(host.paths));
  const ids = new Set([...recorded.filter(isMachineId), ...running.map((process) => process.machineId)]);
  const orphans = [...ids].filter((id) => !keep.has(id));
  const failures: unknown[] = [];
  for (const id of orphans) await removeByForce(host, id).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
  if (orphans.length === ids.size) await removeSharedState(host);
  return orphans;
}

/** When no sandbox is left: what they share, such as the mount that runsc keeps as root. */
async function removeSharedState(host: RemovalHost): Promise<void> {
  const rootDir = runscRootDir(host.paths);
  if (process.geteuid?.() === 0) {
    // Fails when there is no such mount, which is what is wanted.
    await runProcess(["umount", path.join(rootDir, "null-netns")], { timeoutMs: UMOUNT_TIMEOUT_MS });
  }
  await rm(rootDir, { recursive: true, force: true });
  if (host.cgroups) await removeParentCgroup(host.cgroups, cgroupPath(host.paths, ""));
}
