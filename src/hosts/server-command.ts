// The one builder of the command by which hosts start the MCP server.

import path from "node:path";
import { checkServeOptions, type ServeOptions } from "../contract/serve-options.js";
import { CLI_ENTRY } from "../platform/package-files.js";
import { formatServeArguments } from "./serve-arguments.js";

/** The name under which hosts know the server. */
export const SERVER_NAME = "pyro";

export interface ServerCommand {
  /** Absolute: some hosts filter PATH or start servers in another directory. */
  readonly command: string;
  readonly args: readonly string[];
  /** Beside what the host passes on itself. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ServerSurroundings {
  /** What relative paths count from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The program and what it takes before `mcp serve`. */
  readonly program?: readonly [string, ...string[]];
}

/** Throws `invalid_input` for options that contradict each other. */
export function buildServerCommand(options: ServeOptions, surroundings: ServerSurroundings): ServerCommand {
  checkServeOptions(options);
  const { cwd, env, program = [process.execPath, CLI_ENTRY] } = surroundings;
  const [command, ...before] = program;
  return {
    command,
    args: [...before, "mcp", "serve", ...formatServeArguments(toAbsolute(options, cwd))],
    env,
  };
}

function toAbsolute(options: ServeOptions, cwd: string): ServeOptions {
  const { projectPath, repoUrl } = options;
  return {
    ...options,
    ...(projectPath !== undefined && { projectPath: path.resolve(cwd, projectPath) }),
    // Git takes a directory for a URL too; anything else does not begin with a dot.
    ...(repoUrl?.startsWith(".") && { repoUrl: path.resolve(cwd, repoUrl) }),
  };
}
