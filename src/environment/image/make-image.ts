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
import type { HelperWaiting } from "./helper-events.js";
import { callImageHelper, type OnHelperProgress } from "./image-helper.js";

export type ImageOutput = { readonly directory: string } | { readonly reference: string };

export interface MakeImageRequest {
  readonly cacheDir: string;
  /** The tree of an install. */
  readonly rootfsDir: string;
  readonly changes?: ImageChanges;
  /** Of a tree of packages: paths that are left out, besides what pyro itself has put there. */
  readonly exclude?: readonly string[];
  /** Of a tree of packages: instead of its name alone. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly output: ImageOutput;
  readonly insecureHosts: readonly string[];
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnHelperProgress;
  readonly onWaiting: (waiting: HelperWaiting) => void;
}

/** What is put over the tree. */
export interface ImageChanges {
  /** Path of a tar, deletions marked as overlayfs marks them. */
  readonly tar: string;
  /** The image's time, and the latest one of what is in it, Unix seconds. */
  readonly createdAt: number;
}

const MadeImageSchema = z.object({
  digest: z.string(),
  layers: z.array(z.object({ digest: z.string() })),
  size_bytes: z.number(),
});

export type MadeImage = z.infer<typeof MadeImageSchema>;

/** What pyro itself puts into trees. */
const OWN_PATHS = ["/run/pyro", "/usr/lib/pyro", "/tmp/.pyro-keep"] as const;
/** What images of packages say: the same as distributions' own. */
const PACKAGES_CONFIG = {
  cmd: ["/bin/bash"],
  env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
} as const;
/** Written by the package manager of whoever built the package: its time does not depend on when it was installed. */
const DATED_BY_ITS_PACKAGE = /^usr\/share\/doc\/[^/]+\/copyright$/;

/**
 * The layers of an image that was pulled are used again; a tree of packages becomes one layer, the same each time.
 * Nothing in the image depends on when it is made: the same changes become the same image.
 */
export async function makeImage(request: MakeImageRequest): Promise<MadeImage> {
  const { cacheDir, rootfsDir, changes, labels, output, insecureHosts, signal, onProgress, onWaiting } =
    request;
  const install = await readInstall(path.dirname(rootfsDir));
  if (!install)
    throw new PyroError("environment_damaged", `the environment of this tree is gone: ${rootfsDir}`);
  const blobs = blobsDir(cacheDir);
  await makeDirectories(blobs, 0o700);
  await using _lock = await acquireSharedLock(blobsLockPath(cacheDir), signal);
  const common = {
    blobs_dir: blobs,
    ...(changes && { layer_tar: changes.tar, created: formatTime(changes.createdAt) }),
    ...(labels && { labels }),
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
  return await callImageHelper({
    ...call,
    request: { ...(await describeTree(install, request.exclude)), ...common },
  });
}

async function describeTree(
  { name, rootfsDir, installDir, manifest }: InstalledEnvironment,
  exclude: readonly string[] = [],
) {
  const { env, working_dir, user, entrypoint, cmd, shell, labels } = manifest.image?.config ?? {};
  const latest = formatTime(await findPackagesTime(installDir, manifest.installedAt));
  return {
    base: { rootfs_dir: rootfsDir, exclude: [...OWN_PATHS, ...exclude], latest },
    created: latest,
    labels: labels ?? { "org.opencontainers.image.title": name },
    config: manifest.image ? { env, working_dir, user, entrypoint, cmd, shell } : PACKAGES_CONFIG,
  };
}

/** When the newest package was built, Unix seconds: it is the same whenever these packages are installed. */
async function findPackagesTime(installDir: string, installedAt: number): Promise<number> {
  const entries = parseListing(await readFile(path.join(installDir, LISTING_NAME), "latin1")) ?? [];
  const times = entries
    .filter((entry) => DATED_BY_ITS_PACKAGE.test(entry.path))
    .map(({ mtimeMs }) => mtimeMs / 1000);
  const latest = times.reduce((left, right) => Math.max(left, right), 0);
  return latest || installedAt;
}

/**
 * RFC 3339, in whole seconds. They are the nearest ones, as those of files in captures are: so nothing that was there
 * at the time is later than it.
 */
function formatTime(unixSeconds: number): string {
  return new Date(Math.round(unixSeconds) * 1000).toISOString();
}
