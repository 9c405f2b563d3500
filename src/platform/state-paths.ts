// The layout of the state and runtime directories.

import { access, chmod, constants, lstat, readlink, symlink, unlink } from "node:fs/promises";
import path from "node:path";
import { isSystemError, PyroError } from "../contract/errors.js";
import { makeDirectories } from "./make-directories.js";
import type { Settings } from "./settings.js";

export interface StatePaths {
  readonly state: string;
  /**
   * The state directory by a short, plain name: a link in the runtime directory. Sockets below it fit into a
   * socket address, and flags that know separators (runsc's --overlay2) are safe from the user's own path.
   */
  readonly shortState: string;
  readonly daemonSocket: string;
  /** Link to the running daemon's socket: whoever shares the state finds it, whatever runtime directory it has. */
  readonly daemonLink: string;
  readonly daemonLock: string;
  /** Held while a daemon is started. */
  readonly startLock: string;
  readonly daemonLog: string;
}

export function resolveStatePaths(settings: Settings): StatePaths {
  return {
    state: settings.stateDir,
    shortState: path.join(settings.runtimeDir, "s"),
    daemonSocket: path.join(settings.runtimeDir, "daemon.sock"),
    daemonLink: path.join(settings.stateDir, "daemon.sock"),
    daemonLock: path.join(settings.stateDir, "daemon.lock"),
    startLock: path.join(settings.stateDir, "start.lock"),
    daemonLog: path.join(settings.stateDir, "daemon.log"),
  };
}

/** Makes the state and runtime directories, private to this user, and the link between them. */
export async function ensureStateDirectories(settings: Settings): Promise<StatePaths> {
  const paths = resolveStatePaths(settings);
  for (const directory of [settings.stateDir, path.dirname(settings.runtimeDir), settings.runtimeDir]) {
    await ensurePrivateDirectory(directory);
    await access(directory, constants.W_OK | constants.X_OK).catch((error: unknown) => {
      throw unusable(directory, "it is not writable", error);
    });
  }
  // Whoever may enter it may talk to the daemon.
  await chmod(settings.runtimeDir, 0o700);
  await ensureLink(paths.shortState, settings.stateDir);
  return paths;
}

/** Throws when the link to the state is gone: directories made "below" it would take its place. */
export async function checkShortState({ shortState }: StatePaths): Promise<void> {
  await readlink(shortState).catch((error: unknown) => {
    throw unusable(path.dirname(shortState), "it was removed while the daemon ran", error);
  });
}

/** The socket of the daemon that has this state; where it would be when none runs. */
export async function findDaemonSocket(paths: StatePaths): Promise<string> {
  return readlink(paths.daemonLink).catch(() => paths.daemonSocket);
}

/**
 * Makes `directory` with mode 0700. One that exists must be a real directory of this user: below /tmp another
 * user could have made it first.
 */
export async function ensurePrivateDirectory(directory: string): Promise<void> {
  try {
    await makeDirectories(directory, 0o700);
    const found = await lstat(directory);
    if (found.isDirectory() && found.uid === process.geteuid?.()) return;
  } catch (error) {
    if (isSystemError(error, "ENOSPC", "EDQUOT")) throw error;
    const reason = isSystemError(error, "EACCES", "EPERM", "EROFS") ? "it is not writable" : String(error);
    throw unusable(directory, reason, error);
  }
  throw unusable(directory, "it belongs to another user or is no directory");
}

function unusable(directory: string, reason: string, cause?: unknown): PyroError {
  return new PyroError("storage_unavailable", `cannot use ${directory}: ${reason}`, { cause });
}

/** Makes `link` point to `target`. */
export async function ensureLink(link: string, target: string): Promise<void> {
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
