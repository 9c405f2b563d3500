// The host's cgroups, as far as guests are limited by them: whether they can be used, what they report
// after a death, and what a crashed runsc leaves in them.

import { access, mkdir, readdir, readFile, rmdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { isSystemError } from "../../contract/errors.js";
import { findProcess, signalProcess } from "../../platform/process-identity.js";

const CGROUP_ROOT = "/sys/fs/cgroup";
const BUSY_TIMEOUT_MS = 3_000;
const BUSY_PAUSE_MS = 10;

/** Where the memory controller is mounted: its own hierarchy (v1) or the unified one (v2). */
export type CgroupLayout = { readonly version: 1 | 2; readonly hierarchies: readonly string[] };

/**
 * Finds out, by making and removing a directory, whether this process can put guests into cgroups that limit
 * memory. Undefined: it cannot, and a watchdog has to do it.
 */
export async function findUsableCgroups(parent: string): Promise<CgroupLayout | undefined> {
  // An ordinary user's delegated subtree is below a parent that runsc tries to configure, and fails at.
  if (process.geteuid?.() !== 0) return undefined;
  const layout = await findLayout();
  if (!layout) return undefined;
  const memory = layout.version === 1 ? path.join(CGROUP_ROOT, "memory") : CGROUP_ROOT;
  const trial = path.join(memory, `${parent.replaceAll("/", "")}-trial-${process.pid}`);
  try {
    await mkdir(trial);
    await rmdir(trial);
    return layout;
  } catch {
    return undefined;
  }
}

async function findLayout(): Promise<CgroupLayout | undefined> {
  const unified = await readFile(path.join(CGROUP_ROOT, "cgroup.controllers"), "utf8").catch(() => "");
  if (unified.split(/\s/).includes("memory")) return { version: 2, hierarchies: [CGROUP_ROOT] };
  const exists = await access(path.join(CGROUP_ROOT, "memory", "memory.limit_in_bytes")).then(
    () => true,
    () => false,
  );
  if (!exists) return undefined;
  const names = await readdir(CGROUP_ROOT);
  return { version: 1, hierarchies: names.map((name) => path.join(CGROUP_ROOT, name)) };
}

/** Whether the kernel has killed something in this cgroup for want of memory. */
export async function wasOutOfMemory(layout: CgroupLayout, cgroup: string): Promise<boolean> {
  const file =
    layout.version === 1
      ? path.join(CGROUP_ROOT, "memory", cgroup, "memory.oom_control")
      : path.join(CGROUP_ROOT, cgroup, "memory.events");
  const text = await readFile(file, "utf8").catch(() => "");
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return count !== undefined && Number(count) > 0;
}

/**
 * Removes a guest's cgroup in every hierarchy. The parent stays, also after the last one: a guest that starts in the
 * same moment would find it gone between runsc's look and its mkdir, and fail.
 */
export async function removeCgroups(layout: CgroupLayout, cgroup: string): Promise<void> {
  for (const hierarchy of layout.hierarchies) await removeWithProcesses(path.join(hierarchy, cgroup));
}

/** Removes the parent of all guests' cgroups, if none is left. Nothing may be starting meanwhile. */
export async function removeParentCgroup(layout: CgroupLayout, parent: string): Promise<void> {
  for (const hierarchy of layout.hierarchies) {
    await rmdir(path.join(hierarchy, parent)).catch(() => undefined);
  }
}

// A cgroup is busy until its last process is reaped: a Sentry's helpers, which have no name, die shortly after it.
async function removeWithProcesses(directory: string): Promise<void> {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      await rmdir(directory);
      return;
    } catch (error) {
      if (!isSystemError(error, "EBUSY") || performance.now() > deadline) return;
    }
    await killProcesses(directory);
    // cgroup.events tells of an empty one, but only in version 2: so this looks again.
    await setTimeout(BUSY_PAUSE_MS);
  }
}

async function killProcesses(directory: string): Promise<void> {
  const pids = await readFile(path.join(directory, "cgroup.procs"), "utf8").catch(() => "");
  for (const pid of pids.split("\n").filter(Boolean).map(Number)) {
    const found = await findProcess(pid);
    if (found) await signalProcess(found, "SIGKILL");
  }
}
