// Removing trees whose files may forbid it to an ordinary user.

import { chmod, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";
import { runProcess } from "../platform/processes.js";
import { removingPath } from "./cache-names.js";

/** Takes a directory out of the cache: gone under its name at once and as a whole, then removed. */
export async function removeFromCache(cacheDir: string, directory: string): Promise<void> {
  const removing = removingPath(cacheDir);
  try {
    await rename(directory, removing);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  await removeTree(removing);
}

/** Removes a tree, whatever its modes are and whoever of this user's subordinate ids owns its files. */
export async function removeTree(directory: string): Promise<void> {
  try {
    await rm(directory, { recursive: true, force: true });
    return;
  } catch (error) {
    if (!isSystemError(error, "EACCES", "EPERM", "ENOTEMPTY")) throw error;
  }
  await openDirectories(Buffer.from(directory));
  try {
    await rm(directory, { recursive: true, force: true });
  } catch (error) {
    if (!isSystemError(error, "EACCES", "EPERM", "ENOTEMPTY")) throw error;
    await removeAsMappedRoot(directory, error);
  }
}

/** A directory's entries can be removed by who may write to it. */
async function openDirectories(directory: Buffer): Promise<void> {
  try {
    await chmod(directory, 0o700);
    for (const entry of await readdir(directory, { withFileTypes: true, encoding: "buffer" })) {
      const child = Buffer.concat([directory, Buffer.from("/"), entry.name]);
      if (entry.isDirectory()) await openDirectories(child);
    }
  } catch (error) {
    // Somebody else's, as a killed package installation leaves some; or gone meanwhile.
    if (!isSystemError(error, "EACCES", "EPERM", "ENOENT")) throw error;
  }
}

/** Root of a user namespace that maps the subordinate ids may remove their files too. */
async function removeAsMappedRoot(directory: string, cause: unknown): Promise<void> {
  const { exitCode } = await runProcess([
    ...(["unshare", "--user", "--map-root-user", "--map-auto"] as const),
    ...["rm", "-rf", "--one-file-system", "--", path.resolve(directory)],
  ]);
  if (exitCode !== 0) throw cause;
}
