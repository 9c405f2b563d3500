// The host's cgroups, as far as guests are limited by them: whether they can be used, what they report
// after a death, and what a crashed runsc leaves in them.

import { access, mkdir, readdir, readFile, rmdir } from "node:fs/promises";
import path from "node:path";

const CGROUP_ROOT = "/sys/fs/cgroup";

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

/** Removes a guest's cgroup in every hierarchy, and the parent when it was the last. */
export async function removeCgroups(layout: CgroupLayout, cgroup: string): Promise<void> {
  for (const hierarchy of layout.hierarchies) {
    await removeEmpty(path.join(hierarchy, cgroup));
    await removeEmpty(path.join(hierarchy, path.dirname(cgroup)));
  }
}

// A cgroup directory is removed only when it is empty; one with other guests in it stays.
async function removeEmpty(directory: string): Promise<void> {
  await rmdir(directory).catch(() => undefined);
}
