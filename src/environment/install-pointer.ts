// Which install of an environment is the current one: a link in the cache with the environment's name.

import { readlink, rename, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { syncDirectory } from "../platform/atomic-file.js";
import { partialPath, pointerPath } from "./cache-names.js";

/** The directory that the link names, whether it exists or not; undefined without a link. */
export async function findCurrentDir(cacheDir: string, slug: string): Promise<string | undefined> {
  try {
    return path.join(cacheDir, path.basename(await readlink(pointerPath(cacheDir, slug))));
  } catch {
    return undefined;
  }
}

/** Makes `installDir` the current install, in one step. */
export async function setCurrentDir(cacheDir: string, slug: string, installDir: string): Promise<void> {
  const temporary = partialPath(cacheDir, slug);
  await symlink(path.basename(installDir), temporary);
  await rename(temporary, pointerPath(cacheDir, slug));
  await syncDirectory(cacheDir);
}

/** From now on the environment is not installed. */
export async function clearCurrentDir(cacheDir: string, slug: string): Promise<void> {
  await rm(pointerPath(cacheDir, slug), { force: true });
}
