// The flags of `pyro mcp serve` as words of a command line, in one fixed order, and back.

import {
  SERVE_MODES,
  SERVE_PROFILES,
  checkServeOptions,
  type ServeOptions,
} from "../contract/serve-options.js";

/** The same options always give the same words, so that entries can be compared. */
export function formatServeArguments(options: ServeOptions): string[] {
  const valued = {
    "--profile": options.profile,
    "--mode": options.mode,
    "--environment": options.environment,
    "--project-path": options.projectPath,
    "--repo-url": options.repoUrl,
    "--repo-ref": options.repoRef,
  };
  const switches = {
    "--no-project-source": options.noProjectSource,
    "--allow-host-compat": options.allowHostCompat,
  };
  return [
    ...Object.entries(valued).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
    ...Object.entries(switches).flatMap(([flag, on]) => (on ? [flag] : [])),
  ];
}

/**
 * The options behind words that `formatServeArguments` made and somebody joined with spaces; undefined when they are
 * anything else. A value reaches to the next flag: that way a path with spaces is read rightly.
 */
export function parseServeArguments(line: string): ServeOptions | undefined {
  const flags = readFlags(line);
  if (!flags) return undefined;
  const profile = SERVE_PROFILES.find((each) => each === flags["--profile"]);
  const mode = SERVE_MODES.find((each) => each === flags["--mode"]);
  const options: ServeOptions = {
    ...(profile && { profile }),
    ...(mode && { mode }),
    ...(flags["--environment"] && { environment: flags["--environment"] }),
    ...(flags["--project-path"] && { projectPath: flags["--project-path"] }),
    ...(flags["--repo-url"] && { repoUrl: flags["--repo-url"] }),
    ...(flags["--repo-ref"] && { repoRef: flags["--repo-ref"] }),
    ...(flags["--no-project-source"] === "" && { noProjectSource: true }),
    ...(flags["--allow-host-compat"] === "" && { allowHostCompat: true }),
  };
  try {
    checkServeOptions(options);
  } catch {
    // Flags that contradict each other are nobody's choice; `mcp serve` would refuse them.
    return undefined;
  }
  return formatServeArguments(options).join(" ") === line ? options : undefined;
}

function readFlags(line: string): Record<string, string> | undefined {
  if (line === "") return {};
  const flags: Record<string, string> = {};
  for (const part of line.split(/ (?=--)/)) {
    const [flag = "", ...value] = part.split(" ");
    if (flag in flags) return undefined;
    flags[flag] = value.join(" ");
  }
  return flags;
}
