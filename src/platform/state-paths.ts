// The layout of the state and runtime directories.

import { lstat, mkdir, readlink, symlink, unlink } from "node:fs/promises";
import path from "node:path";
import { isSystemError, PyroError } from "../contract/errors.js";
import type { Settings } from "./settings.js";

export interface StatePaths {
  readonly state: string;
  /**
   * The state directory by a short, plain name: a link in the runtime directory. Sockets below it fit into a
   * socket address, and flags that know separators (runsc's --overlay2) are safe from the user's own path.
   */
  readonly shortState: string;
  readonly daemonSocket: string;
  readonly daemonLock: string;
  readonly daemonLog: string;
}

export function resolveStatePaths(settings: Settings): StatePaths {
  return {
    state: settings.stateDir,
    shortState: path.join(settings.runtimeDir, "s"),
    daemonSocket: path.join(settings.runtimeDir, "daemon.sock"),
    daemonLock: path.join(settings.stateDir, "daemon.lock"),
    daemonLog: path.join(settings.stateDir, "daemon.log"),
  };
}

/** Makes the state and runtime directories, private to this user, and the link between them. */
export async function ensureStateDirectories(settings: Settings): Promise<StatePaths> {
  const paths = resolveStatePaths(settings);
  await ensurePrivateDirectory(settings.stateDir);
  await ensurePrivateDirectory(path.dirname(settings.runtimeDir));
  await ensurePrivateDirectory(settings.runtimeDir);
  await ensureLink(paths.shortState, settings.stateDir);
  return paths;
}

/**
 * Makes `directory` with mode 0700. One that exists must be a real directory of this user: below /tmp another
 * user could have made it first.
 */
export async function ensurePrivateDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const found = await lstat(directory);
    if (found.isDirectory() && found.uid === process.geteuid?.()) return;
  } catch (error) {
    const reason = isSystemError(error, "EACCES", "EPERM", "EROFS") ? "it is not writable" : String(error);
    throw new PyroError("storage_unavailable", `cannot use ${directory}: ${reason}`, { cause: error });
  }
  throw new PyroError(
    "storage_unavailable",
    `cannot use ${directory}: it belongs to another user or is no directory`,
  );
}

async function ensureLink(link: string, target: string): Promise<void> {
  try {
    if ((await readlink(link)) === target) return;
    await unlink(link);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
  try {
    await symlink(target, link);
  } catch (error) {
    // Another process of this user made the same link in between.
    if (!isSystemError(error, "EEXIST")) throw error;
  }
}
