// Gives back the space of installs that nobody needs.

import path from "node:path";
import { tryFileLock } from "../platform/file-lock.js";
import { type CacheItem, lockPath, parseCacheName } from "./cache-names.js";
import { collectBlobs } from "./image/collect-blobs.js";
import { clearCurrentDir, findCurrentDir } from "./install-pointer.js";
import { readInstall } from "./installed-environment.js";
import { listCache } from "./list-cache.js";
import { readTree } from "./read-tree.js";
import { removeFromCache } from "./remove-tree.js";

export interface PruneResult {
  readonly deletedEnvironmentDirs: readonly string[];
  readonly count: number;
  readonly freedBytes: number;
}

export interface PruneRequest {
  readonly cacheDir: string;
  /** Whether the current install of this slug is sound and wanted. */
  readonly isWanted: (slug: string) => Promise<boolean>;
  /** Whether a guest uses this install. Asked right before each removal. */
  readonly isInUse: (installDir: string) => boolean;
}

/** Removes stale, partial and superseded installs, and blobs that no install is made of; leaves alone what is in use, being pulled, or not ours. */
export async function pruneCache(request: PruneRequest): Promise<PruneResult> {
  const deleted: string[] = [];
  let freedBytes = 0;
  for (const fileName of await listCache(request.cacheDir)) {
    const freed = await pruneItem(request, fileName, parseCacheName(fileName));
    if (freed === undefined) continue;
    deleted.push(path.join(request.cacheDir, fileName));
    freedBytes += freed;
  }
  freedBytes += await collectBlobs(request.cacheDir);
  return { deletedEnvironmentDirs: deleted, count: deleted.length, freedBytes };
}

/** Bytes freed; undefined when it stays. */
async function pruneItem(
  request: PruneRequest,
  fileName: string,
  item: CacheItem,
): Promise<number | undefined> {
  if (!item) return undefined;
  const { cacheDir } = request;
  const directory = path.join(cacheDir, fileName);
  if (item.kind === "removing") return removeCounted(cacheDir, directory);
  // Whoever pulls this environment holds the lock: then everything of its name is left alone.
  await using lock = await tryFileLock(lockPath(cacheDir, item.slug));
  if (!lock) return undefined;
  if (item.kind === "install") {
    const isCurrent = (await findCurrentDir(cacheDir, item.slug)) === directory;
    if (isCurrent && (await request.isWanted(item.slug))) return undefined;
    if (request.isInUse(directory)) return undefined;
    if (isCurrent) await clearCurrentDir(cacheDir, item.slug);
  }
  return await removeCounted(cacheDir, directory);
}

async function removeCounted(cacheDir: string, directory: string): Promise<number> {
  const sizeBytes = (await readInstall(directory))?.sizeBytes ?? (await measure(directory));
  await removeFromCache(cacheDir, directory);
  return sizeBytes;
}

/** Sum of the sizes of the files that this user can see. */
async function measure(directory: string): Promise<number> {
  const entries = await readTree(directory).catch(() => []);
  return entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
}
