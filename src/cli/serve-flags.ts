// The flags of `pyro mcp serve`, for every command that takes them.

import { Option, type Command } from "commander";
import { SERVE_MODES, SERVE_PROFILES, type ServeOptions } from "../contract/serve-options.js";
import { DEFAULT_ENVIRONMENT } from "../contract/limits.js";

export function addServeFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--profile <profile>", "Set of tools (default: workspace-core)").choices(SERVE_PROFILES),
    )
    .addOption(
      new Option("--mode <mode>", "Set of tools made for one workflow (default: none)").choices(SERVE_MODES),
    )
    .option("--environment <environment>", `Environment of new guests (default: ${DEFAULT_ENVIRONMENT})`)
    .option("--project-path <path>", "Project that workspaces start from (default: the client's project)")
    .option(
      "--repo-url <url>",
      "Repository that workspaces start from, in place of a project (default: none)",
    )
    .option("--repo-ref <ref>", "Branch, tag or commit of that repository (default: its HEAD)")
    .option("--no-project-source", "Workspaces start empty unless a call names a seed (default: false)")
    .option(
      "--allow-host-compat",
      "Let a call ask to run on the host when no guest can start, without isolation (default: false)",
    );
}

/** What commander makes of the flags: `--no-…` is true when it is absent. */
export type ServeFlags = Omit<ServeOptions, "noProjectSource"> & { readonly projectSource?: boolean };

/** The options that were given, and nothing else that stands among the flags. */
export function readServeOptions(flags: ServeFlags): ServeOptions {
  const { profile, mode, environment, projectPath, repoUrl, repoRef, allowHostCompat } = flags;
  return {
    ...(profile && { profile }),
    ...(mode && { mode }),
    ...(environment !== undefined && { environment }),
    ...(projectPath !== undefined && { projectPath }),
    ...(repoUrl !== undefined && { repoUrl }),
    ...(repoRef !== undefined && { repoRef }),
    ...(flags.projectSource === false && { noProjectSource: true }),
    ...(allowHostCompat && { allowHostCompat }),
  };
}
