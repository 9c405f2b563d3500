// Makes a new install: filled by a source beside the others, recorded, made durable, and only then given its name.

import { lstat, mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { PyroError } from "../contract/errors.js";
import { syncDirectory } from "../platform/atomic-file.js";
import { runProcess } from "../platform/processes.js";
import { Scope } from "../platform/scope.js";
import { environmentSlug, installPath, partialPath } from "./cache-names.js";
import { setCurrentDir } from "./install-pointer.js";
import { readDistribution } from "./distribution.js";
import { prepareGuestTree } from "./guest-tree.js";
import { writeImageFile } from "./image/image-file.js";
import { digestInstall, resolveRecipe } from "./install-digest.js";
import {
  digestListing,
  type InstalledEnvironment,
  LISTING_NAME,
  MANIFEST_NAME,
  readInstall,
  ROOTFS_NAME,
} from "./installed-environment.js";
import { readPackages } from "./installed-packages.js";
import { formatListing } from "./listing.js";
import { formatManifest, type InstallManifest } from "./manifest.js";
import { readTree } from "./read-tree.js";
import { removeTree } from "./remove-tree.js";
import type { EnvironmentSource, SourceRequest, SourceResult } from "./source.js";

export interface InstallRequest extends Omit<SourceRequest, "rootfsDir" | "workDir"> {
  readonly source: EnvironmentSource;
}

/** Installs and makes the install current. The caller holds the environment's lock. Leaves nothing when it fails. */
export async function makeInstall(request: InstallRequest): Promise<InstalledEnvironment> {
  const { cacheDir, entry, source, onProgress } = request;
  const slug = environmentSlug(entry.name);
  const partialDir = partialPath(cacheDir, slug);
  await using scope = new Scope();
  scope.defer(() => removeTree(partialDir));
  const rootfsDir = path.join(partialDir, ROOTFS_NAME);
  const workDir = path.join(partialDir, "work");
  // Closed to others: the tree holds setuid programs, which must not be run on the host.
  await mkdir(partialDir, { mode: 0o700 });
  await mkdir(rootfsDir, { mode: 0o755 });
  await mkdir(workDir, { mode: 0o755 });
  const result = await source.install({ ...request, rootfsDir, workDir });
  await removeTree(workDir);

  onProgress({ phase: "verify", fields: {} });
  await (result.image ? writeImageFile(rootfsDir, result.image) : prepareGuestTree(rootfsDir));
  const manifest = await recordInstall(partialDir, { ...describeRecipe(request, result), ...result });
  await syncFileSystem(partialDir, request.signal);
  const installDir = await findFreeName(cacheDir, slug, manifest.digest);
  await rename(partialDir, installDir);
  await syncDirectory(cacheDir);
  const install = await readInstall(installDir);
  if (!install) throw new PyroError("internal", `the new install ${installDir} cannot be read`);
  await setCurrentDir(cacheDir, slug, installDir);
  return install;
}

function describeRecipe({ entry, source }: InstallRequest, { image }: SourceResult) {
  const { name } = entry;
  // An image that is nobody's release is known by its digest.
  const version = entry.release === "" && image ? image.digest : entry.version;
  return { name, version, recipe: resolveRecipe(entry), source: source.name };
}

/** Writes the listing and the manifest of a finished tree. */
async function recordInstall(
  partialDir: string,
  origin: Pick<InstallManifest, "name" | "version" | "recipe" | "source" | "mirrors" | "image">,
): Promise<InstallManifest> {
  const rootfsDir = path.join(partialDir, ROOTFS_NAME);
  const packages = await readPackages(rootfsDir);
  const distribution = await readDistribution(rootfsDir);
  const entries = await readTree(rootfsDir);
  const listing = formatListing(entries);
  const manifest: InstallManifest = {
    ...origin,
    digest: origin.image?.digest ?? digestInstall(packages, entries),
    listingDigest: digestListing(listing),
    packages,
    installedAt: Math.floor(Date.now() / 1000),
    sizeBytes: entries.reduce((sum, entry) => sum + entry.sizeBytes, 0),
    entryCount: entries.length,
    ...(distribution && { distribution }),
  };
  await writeFile(path.join(partialDir, LISTING_NAME), listing);
  await writeFile(path.join(partialDir, MANIFEST_NAME), formatManifest(manifest));
  return manifest;
}

/** One call for all files: an fsync for each takes as long as the installation. */
async function syncFileSystem(directory: string, signal: AbortSignal | undefined): Promise<void> {
  const { exitCode, stderr } = await runProcess(["sync", "--file-system", directory], {
    ...(signal && { signal }),
  });
  if (exitCode !== 0)
    throw new PyroError("storage_unavailable", `cannot flush ${directory}: ${stderr.trim()}`);
}

/** The name of an install that was damaged stays taken while guests use it. */
async function findFreeName(cacheDir: string, slug: string, digest: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const candidate = installPath(cacheDir, slug, digest, attempt);
    const taken = await lstat(candidate).catch(() => undefined);
    if (!taken) return candidate;
  }
}
