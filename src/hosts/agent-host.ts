// What a host is: a coding agent's program that starts MCP servers, and how it keeps what it knows of ours.

import type { ServerCommand } from "./server-command.js";

export const HOST_IDS = ["claude-code", "codex", "opencode"] as const;
export type HostId = (typeof HOST_IDS)[number];

/** The entry under our name, as the host shows it. */
export interface HostEntry {
  /** Where it stands, in a word or two of the host's. */
  readonly location: string;
  /** Undefined when the entry is not a program but, say, an address. */
  readonly command: string | undefined;
  /** The arguments joined by single spaces: one host shows no more. */
  readonly argumentLine: string;
  /** The arguments one by one, where the host shows them so. */
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  /** What the host says of the connection, where it tries one. */
  readonly status?: string;
}

/** Under what circumstances the host's program runs. */
export interface HostContext {
  /** The whole environment: by it the host finds its configuration. */
  readonly env: Readonly<Record<string, string>>;
  /** Some hosts have entries for one project: that of this directory. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Where an entry is written. Each host knows one of them. */
export interface EntryPlace {
  /** Claude Code: `user` (all projects), `local` (this project, private), `project` (this project's .mcp.json). */
  readonly scope?: string;
  /** OpenCode: the configuration file. */
  readonly file?: string;
}

export interface AgentHost {
  readonly id: HostId;
  readonly title: string;
  /** Name of its program. */
  readonly programName: string;
  /** Throws when the host cannot say, for example because its configuration is damaged. */
  readEntry(program: string, context: HostContext): Promise<HostEntry | undefined>;
  /**
   * Writes the entry and removes `found`, the one it replaces. Says what it did that the user may want to know.
   * The host may take another view of the result: read the entry again.
   */
  writeEntry(
    program: string,
    command: ServerCommand,
    context: HostContext,
    options: { readonly place: EntryPlace; readonly found: HostEntry | undefined },
  ): Promise<readonly string[]>;
}
