// `env list`, `env inspect`, `env pull`, `env prune`.

import type { ResultOf } from "../../operations/registry.js";
import type { Rendering } from "./rendering.js";
import { formatBytes, formatTime } from "./sizes.js";

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
    `Version: ${result.version}`,
    `Distribution: ${result.distribution} ${result.distribution_version} (${result.platform})`,
    `Sources: ${result.sources.join(", ")}`,
    `Installed: ${manifest ? formatTime(manifest.installed_at) : "no"}`,
  ];
  if (manifest) {
    lines.push(
      `Source: ${manifest.source}`,
      `Digest: ${manifest.digest}`,
      `Size: ${formatBytes(manifest.size_bytes)} in ${manifest.entry_count} files and directories`,
      `Directory: ${result.install_dir ?? ""}`,
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
  ];
  return { stdout: `${lines.join("\n")}\n` };
}

export function renderPrune(result: ResultOf<"env_prune">): Rendering {
  const directories = result.deleted_environment_dirs.map((directory) => `Deleted: ${directory}\n`).join("");
  return { stdout: `${directories}Pruned: ${result.count}\nFreed: ${formatBytes(result.freed_bytes)}\n` };
}
