// Gives back the space of downloaded blobs that belong to no installed image any more.

import { readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../../contract/errors.js";
import { tryFileLock } from "../../platform/file-lock.js";
import { readNames } from "../../platform/read-names.js";
import { blobsDir, blobsLockPath, parseCacheName } from "../cache-names.js";
import { readInstall } from "../installed-environment.js";
import { listCache } from "../list-cache.js";

const DIGESTS = /sha256:([0-9a-f]{64})/g;

/** Returns how many bytes it has freed: none while an image is being pulled, because what it has loaded is not installed yet. */
export async function collectBlobs(cacheDir: string): Promise<number> {
  const directory = path.join(blobsDir(cacheDir), "sha256");
  const names = await readNames(directory);
  if (names.length === 0) return 0;
  await using lock = await tryFileLock(blobsLockPath(cacheDir));
  if (!lock) return 0;
  const used = await findUsed(cacheDir, directory);
  let freedBytes = 0;
  for (const name of names) {
    if (used.has(name)) continue;
    const blob = path.join(directory, name);
    freedBytes += await stat(blob).then(({ size }) => size);
    await rm(blob);
  }
  return freedBytes;
}

/** The manifest of each installed image and all that it names. */
async function findUsed(cacheDir: string, directory: string): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  for (const fileName of await listCache(cacheDir)) {
    if (parseCacheName(fileName)?.kind !== "install") continue;
    const image = (await readInstall(path.join(cacheDir, fileName)))?.manifest.image;
    if (!image) continue;
    const manifest = image.digest.replace("sha256:", "");
    // It may be gone: then the layers are known from the install, and only the configuration goes.
    const text = await readFile(path.join(directory, manifest), "utf8").catch(emptyWhenMissing);
    const named = [...text.matchAll(DIGESTS)].map(([, digest = ""]) => digest);
    for (const digest of [manifest, ...named]) used.add(digest);
    for (const { digest } of image.layers) used.add(digest.replace("sha256:", ""));
  }
  return used;
}

function emptyWhenMissing(error: unknown): string {
  if (isSystemError(error, "ENOENT")) return "";
  throw error;
}
