// `env list`, `env inspect`, `env pull`, `env prune`.

import type { ResultOf } from "../../operations/registry.js";
import type { Rendering } from "./rendering.js";
import { formatBytes, formatTime } from "./sizes.js";

type Image = NonNullable<NonNullable<ResultOf<"env_inspect">["install_manifest"]>["image"]>;

export function renderEnvList(result: ResultOf<"vm_list_environments">): Rendering {
  const lines = result.environments.map(({ name, installed, size_bytes: size, description }) => {
    const state = installed ? `installed${size === null ? "" : `, ${formatBytes(size)}`}` : "not installed";
    return `${name} [${state}] ${description}`;
  });
  return { stdout: [`Catalog version: ${result.catalog_version}`, ...lines, ""].join("\n") };
}

export function renderEnvironment(result: ResultOf<"env_inspect">): Rendering {
  const manifest = result.install_manifest;
  const lines = [
    `Environment: ${result.name}`,
    `Description: ${result.description}`,
    ...(result.version === "" ? [] : [`Version: ${result.version}`]),
    describeDistribution(result),
    `Sources: ${result.sources.join(", ")}`,
    `Installed: ${manifest ? formatTime(manifest.installed_at) : "no"}`,
  ];
  if (manifest) {
    lines.push(
      `Source: ${manifest.source}`,
      `Digest: ${manifest.digest}`,
      `Size: ${formatBytes(manifest.size_bytes)} in ${manifest.entry_count} files and directories`,
      `Directory: ${result.install_dir ?? ""}`,
      ...describeImage(manifest.image),
      `Packages: ${manifest.packages.length}`,
      ...manifest.packages.map((each) => `  ${each.name} ${each.version}`),
    );
  }
  return { stdout: `${lines.join("\n")}\n` };
}

export function renderPull(result: ResultOf<"env_pull">): Rendering {
  const lines = [
    `Pulled: ${result.name}`,
    `Source: ${result.source}`,
    `Digest: ${result.install_manifest?.digest ?? ""}`,
    `Size: ${formatBytes(result.size_bytes ?? 0)}`,
    `Packages: ${result.install_manifest?.packages.length ?? 0}`,
    ...(result.install_manifest?.image?.notes ?? []).map((note) => `Note: ${note}`),
  ];
  return { stdout: `${lines.join("\n")}\n` };
}

/** An image need not say what it was made from. */
function describeDistribution(result: ResultOf<"env_inspect">): string {
  const { distribution, distribution_version: version, platform } = result;
  return distribution === ""
    ? `Platform: ${platform}`
    : `Distribution: ${distribution} ${version} (${platform})`;
}

/** What an image says is a stranger's text. */
function describeImage(image: Image | null): readonly string[] {
  if (!image) return [];
  const licences = Object.entries(image.labels).filter(([name]) => /licen[cs]e/i.test(name));
  const lines = [
    `Image: ${image.reference}`,
    `Layers: ${image.layers.length}`,
    ...image.layers.map((each) => `  ${each.digest} ${formatBytes(each.size_bytes)}`),
    `Command: ${image.command.length > 0 ? JSON.stringify(image.command) : "none"}`,
    `User: ${image.user === "" ? "root" : image.user}`,
    `Working directory: ${image.working_dir === "" ? "/" : image.working_dir}`,
    ...licences.map(([, value]) => `Licence: ${value.replace(/\s+/g, " ")}`),
    ...image.notes.map((note) => `Note: ${note}`),
  ];
  return lines;
}

export function renderPrune(result: ResultOf<"env_prune">): Rendering {
  const directories = result.deleted_environment_dirs.map((directory) => `Deleted: ${directory}\n`).join("");
  return { stdout: `${directories}Pruned: ${result.count}\nFreed: ${formatBytes(result.freed_bytes)}\n` };
}
