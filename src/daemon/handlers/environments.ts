// The environment operations: the store's answers in the contract's words.

import path from "node:path";
import type { OnEvent } from "../../contract/events.js";
import type { EnvironmentSummary } from "../../environment/environment-store.js";
import { ROOTFS_NAME, type InstalledEnvironment } from "../../environment/installed-environment.js";
import type { ImageRecord } from "../../environment/image/image-record.js";
import type { OnPullProgress } from "../../environment/progress.js";
import type { ResultOf } from "../../operations/registry.js";
import { PACKAGE_VERSION } from "../../platform/package-files.js";
import type { Handler } from "../handler.js";

export const listEnvironments: Handler<"vm_list_environments"> = async ({ environments }) => {
  const entries = await environments.list();
  return { catalog_version: PACKAGE_VERSION, environments: entries.map(formatEntry) };
};

export const inspectEnvironment: Handler<"env_inspect"> = async ({ environments }, input) =>
  formatDetails(await environments.inspect(input.environment), environments.cacheDir);

export const pullEnvironment: Handler<"env_pull"> = async ({ environments }, input, context) => {
  const installed = await environments.pull(input.environment, {
    signal: context.signal,
    onProgress: tellPull(context.onEvent, input.environment),
    ...(input.source && { source: input.source }),
  });
  // It was checked a moment ago.
  const summary = { ...environments.describe(installed.name), installed, damage: undefined };
  return { ...formatDetails(summary, environments.cacheDir), source: installed.manifest.source };
};

export const pruneEnvironments: Handler<"env_prune"> = async (services, input) => {
  const { environments, guests, workspaces, pool } = services;
  // A parked guest is nobody's: it makes way.
  await pool.evict(() => true);
  const pruned = await environments.prune((installDir) => {
    const rootfsDir = path.join(installDir, ROOTFS_NAME);
    return guests.usesRootfs(rootfsDir) || workspaces.usesRootfs(rootfsDir);
  }, input.images);
  return {
    deleted_environment_dirs: [...pruned.deletedEnvironmentDirs],
    count: pruned.count,
    freed_bytes: pruned.freedBytes,
  };
};

/** A pull's progress as status lines: `[pull] phase=… environment=…`. */
export function tellPull(onEvent: OnEvent, environment: string): OnPullProgress {
  return ({ phase, fields, done }) => {
    void onEvent({
      type: "progress",
      tag: "pull",
      fields: { phase, environment, ...fields },
      ...(done && { done }),
    });
  };
}

function formatEntry(summary: EnvironmentSummary): ResultOf<"vm_list_environments">["environments"][number] {
  const distribution = summary.installed?.manifest.distribution;
  return {
    name: summary.name,
    version: summary.installed?.version ?? summary.version,
    description: summary.description,
    default_packages: [...summary.defaultPackages],
    distribution: distribution?.id ?? summary.distribution,
    distribution_version: distribution?.version ?? summary.distributionVersion,
    platform: summary.platform,
    compatibility: summary.compatibility,
    installed: summary.installed !== undefined,
    size_bytes: summary.installed?.sizeBytes ?? null,
    sources: [...summary.sources],
  };
}

function formatDetails(summary: EnvironmentSummary, cacheDir: string): ResultOf<"env_inspect"> {
  return {
    ...formatEntry(summary),
    install_manifest: summary.installed ? formatManifest(summary.installed) : null,
    layers: summary.installed?.manifest.image?.layers.map(({ digest }) => digest) ?? [],
    cache_dir: cacheDir,
    install_dir: summary.installed?.installDir ?? null,
  };
}

function formatManifest({ manifest }: InstalledEnvironment): ResultOf<"env_inspect">["install_manifest"] {
  return {
    source: manifest.source,
    digest: manifest.digest,
    packages: manifest.packages.map(({ name, version, architecture }) => ({ name, version, architecture })),
    installed_at: manifest.installedAt,
    size_bytes: manifest.sizeBytes,
    entry_count: manifest.entryCount,
    image: manifest.image ? formatImage(manifest.image) : null,
  };
}

function formatImage({ reference, digest, layers, config, notes }: ImageRecord) {
  const { user, working_dir, env, labels, entrypoint, cmd } = config;
  return {
    reference,
    digest,
    layers,
    user,
    working_dir,
    env,
    labels,
    notes,
    command: [...entrypoint, ...cmd],
  };
}
