// From an install, and what is put over it, to an image: into a directory, or to a registry.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { PyroError } from "../../contract/errors.js";
import { acquireSharedLock } from "../../platform/file-lock.js";
import { makeDirectories } from "../../platform/make-directories.js";
import { blobsDir, blobsLockPath } from "../cache-names.js";
import { LISTING_NAME, readInstall, type InstalledEnvironment } from "../installed-environment.js";
import { parseListing } from "../listing.js";
import type { HelperProgress, HelperWaiting } from "./helper-events.js";
import { callImageHelper } from "./image-helper.js";

export type ImageOutput = { readonly directory: string } | { readonly reference: string };

export interface MakeImageRequest {
  readonly cacheDir: string;
  /** The tree of an install. */
  readonly rootfsDir: string;
  /** A tar to put over it, deletions marked as overlayfs marks them. */
  readonly changesTar?: string;
  readonly output: ImageOutput;
  readonly insecureHosts: readonly string[];
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: HelperProgress) => void;
  readonly onWaiting: (waiting: HelperWaiting) => void;
}

const MadeImageSchema = z.object({
  digest: z.string(),
  layers: z.array(z.object({ digest: z.string() })),
  size_bytes: z.number(),
});

export type MadeImage = z.infer<typeof MadeImageSchema>;

/** What pyro itself puts into trees. */
const OWN_PATHS = ["/run/pyro", "/usr/lib/pyro", "/tmp/.pyro-keep"] as const;
/** Written by the package manager of whoever built the package: its time does not depend on when it was installed. */
const DATED_BY_ITS_PACKAGE = /^usr\/share\/doc\/[^/]+\/copyright$/;

/** The layers of an image that was pulled are used again; a tree of packages becomes one layer, the same each time. */
export async function makeImage(request: MakeImageRequest): Promise<MadeImage> {
  const { cacheDir, rootfsDir, changesTar, output, insecureHosts, signal, onProgress, onWaiting } = request;
  const install = await readInstall(path.dirname(rootfsDir));
  if (!install)
    throw new PyroError("environment_damaged", `the environment of this tree is gone: ${rootfsDir}`);
  const blobs = blobsDir(cacheDir);
  await makeDirectories(blobs, 0o700);
  await using _lock = await acquireSharedLock(blobsLockPath(cacheDir), signal);
  const common = {
    blobs_dir: blobs,
    ...(changesTar !== undefined && { layer_tar: changesTar }),
    ...("directory" in output
      ? { output_dir: output.directory }
      : { reference: output.reference, insecure_hosts: insecureHosts }),
  };
  const act = "directory" in output ? "layout" : "push";
  const call = { act, result: MadeImageSchema, signal, onProgress, onWaiting } as const;
  const { image } = install.manifest;
  if (image) {
    try {
      return await callImageHelper({ ...call, request: { ...common, base: { digest: image.digest } } });
    } catch (error) {
      // Its layers were collected or are damaged: the tree has what they held, as one layer.
      if (!(error instanceof PyroError) || error.code !== "image_not_found") throw error;
    }
  }
  return await callImageHelper({ ...call, request: { ...common, ...(await describeTree(install)) } });
}

async function describeTree({ name, rootfsDir, installDir, manifest }: InstalledEnvironment) {
  const { env, working_dir, user, entrypoint, cmd, shell, labels } = manifest.image?.config ?? {};
  return {
    base: { rootfs_dir: rootfsDir, exclude: OWN_PATHS },
    created: new Date(await findPackagesTime(installDir, manifest.installedAt)).toISOString(),
    labels: labels ?? { "org.opencontainers.image.title": name },
    ...(manifest.image && { config: { env, working_dir, user, entrypoint, cmd, shell } }),
  };
}

/** When the newest package was built, milliseconds: it is the same whenever these packages are installed. */
async function findPackagesTime(installDir: string, installedAt: number): Promise<number> {
  const entries = parseListing(await readFile(path.join(installDir, LISTING_NAME), "latin1")) ?? [];
  const times = entries
    .filter((entry) => DATED_BY_ITS_PACKAGE.test(entry.path))
    .map(({ mtimeMs }) => mtimeMs);
  const latest = times.reduce((left, right) => Math.max(left, right), 0);
  return Math.floor((latest || installedAt * 1000) / 1000) * 1000;
}
