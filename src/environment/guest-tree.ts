// What every environment's tree holds besides its distribution, whatever source it came from.
//
// runsc makes missing mount points in the tree itself, on the host: so they all are here beforehand. And nothing
// of the installing host's identity stays.

import { chmod, lstat, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";

/** Goes up with every change of this file: older installs are then replaced. */
export const GUEST_TREE_VERSION = 1;

const DIRECTORIES: readonly (readonly [path: string, mode: number])[] = [
  [".", 0o755],
  ["proc", 0o755],
  ["sys", 0o755],
  ["sys/fs", 0o755],
  ["sys/fs/cgroup", 0o755],
  ["dev", 0o755],
  ["dev/pts", 0o755],
  ["dev/shm", 0o755],
  ["etc", 0o755],
  ["run", 0o755],
  // The agent's socket: nobody but the guest's root may reach it.
  ["run/pyro", 0o700],
  ["tmp", 0o1777],
  ["usr", 0o755],
  ["usr/lib", 0o755],
  ["usr/lib/pyro", 0o755],
  ["workspace", 0o755],
];

const FILES: readonly (readonly [path: string, text: string, mode: number])[] = [
  ["etc/hostname", "pyro\n", 0o644],
  ["etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n", 0o644],
  ["etc/resolv.conf", "", 0o644],
  // Empty: every guest gets an id of its own, machine-id(5).
  ["etc/machine-id", "", 0o644],
  // The agent is bind-mounted over this one.
  ["usr/lib/pyro/pyro-agent", "", 0o755],
  // gVisor mounts a tmpfs on an empty /tmp; that would be in no snapshot.
  ["tmp/.pyro-keep", "", 0o644],
];

/** Parents of others, which may be links in the tree of an image. */
const PARENTS: ReadonlySet<string> = new Set(["sys/fs", "etc", "run", "usr", "usr/lib"]);

/** The same for the helper that unpacks images: absolute paths in the guest. */
export const GUEST_MOUNT_POINTS = [
  ...DIRECTORIES.filter(([name]) => !PARENTS.has(name)).map(
    ([name, mode]) => ({ path: path.posix.join("/", name), kind: "directory", mode }) as const,
  ),
  ...FILES.map(
    ([name, text, mode]) => ({ path: path.posix.join("/", name), kind: "file", mode, text }) as const,
  ),
] as const;

/** Makes the mount points and neutral files in the tree at `rootfsDir`, replacing what is there. */
export async function prepareGuestTree(rootfsDir: string): Promise<void> {
  for (const [name, mode] of DIRECTORIES) await ensureDirectory(path.join(rootfsDir, name), mode);
  for (const [name, text, mode] of FILES) {
    const file = path.join(rootfsDir, name);
    // Removed first and made anew, never written through: it could be a link that leads out of the tree.
    await rm(file, { force: true });
    await writeFile(file, text, { flag: "wx" });
    await chmod(file, mode);
  }
}

/** A directory in place of a link would lead out of the tree: that is an error. */
async function ensureDirectory(directory: string, mode: number): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
    if (!(await lstat(directory)).isDirectory())
      throw new Error(`${directory} is no directory`, { cause: error });
  }
  await chmod(directory, mode);
}
