// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

import type { WorkspaceRecovery } from "./workspace-results.js";

/** A shell, as it was when the call was answered. */
export interface ShellRecord {
  workspaceId: string;
  shellId: string;

  /** Where it was opened. */
  cwd: string;
  cols: number;
  rows: number;

  /** `stopped`: the shell has ended; its output can be read. */
  state: "running" | "stopped";

  /** Unix time, seconds. */
  startedAt: number;

  /** Unix time, seconds; null while it runs. */
  endedAt: number | null;

  /** As a shell reports it; null while it runs. */
  exitCode: number | null;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";
}

/** A shell that has been opened. */
export interface OpenedShell {
  workspaceId: string;
  shellId: string;

  /** Where it was opened. */
  cwd: string;
  cols: number;
  rows: number;

  /** `stopped`: the shell has ended; its output can be read. */
  state: "running" | "stopped";

  /** Unix time, seconds. */
  startedAt: number;

  /** Unix time, seconds; null while it runs. */
  endedAt: number | null;

  /** As a shell reports it; null while it runs. */
  exitCode: number | null;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.readShell}. */
export interface ShellOutput {
  workspaceId: string;
  shellId: string;

  /** Where it was opened. */
  cwd: string;
  cols: number;
  rows: number;

  /** `stopped`: the shell has ended; its output can be read. */
  state: "running" | "stopped";

  /** Unix time, seconds. */
  startedAt: number;

  /** Unix time, seconds; null while it runs. */
  endedAt: number | null;

  /** As a shell reports it; null while it runs. */
  exitCode: number | null;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** Where the output begins; later than asked for when that is not kept any more. */
  cursor: number;

  /** Where the next read begins. */
  nextCursor: number;
  output: string;

  /** There is more: read on at `next_cursor`; with `plain` the beginning was left out. */
  truncated: boolean;

  /** Characters after the cursor that was asked for that are gone. */
  missingChars: number;
  plain: boolean;
  waitForIdleMs: number | null;

  /** With `plain`: how the screen stands. */
  screen: {
    /** A program has the whole screen; the output is all of it. */
    fullScreen: boolean;

    /** Of the terminal's cursor, from 1. */
    row: number;

    /** Of the terminal's cursor, from 1. */
    column: number;
  } | null;
}

/** Result of {@link Pyro.writeShell}. */
export interface ShellInput {
  workspaceId: string;
  shellId: string;

  /** Where it was opened. */
  cwd: string;
  cols: number;
  rows: number;

  /** `stopped`: the shell has ended; its output can be read. */
  state: "running" | "stopped";

  /** Unix time, seconds. */
  startedAt: number;

  /** Unix time, seconds; null while it runs. */
  endedAt: number | null;

  /** As a shell reports it; null while it runs. */
  exitCode: number | null;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** Characters of `input`. */
  inputLength: number;
  appendNewline: boolean;
}

/** Result of {@link Pyro.signalShell}. */
export interface SignalledShell {
  workspaceId: string;
  shellId: string;

  /** Where it was opened. */
  cwd: string;
  cols: number;
  rows: number;

  /** `stopped`: the shell has ended; its output can be read. */
  state: "running" | "stopped";

  /** Unix time, seconds. */
  startedAt: number;

  /** Unix time, seconds; null while it runs. */
  endedAt: number | null;

  /** As a shell reports it; null while it runs. */
  exitCode: number | null;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** Name of the signal that was sent. */
  signal: string;
}

/** Result of {@link Pyro.closeShell}. */
export interface ClosedShell {
  workspaceId: string;
  shellId: string;

  /** Where it was opened. */
  cwd: string;
  cols: number;
  rows: number;

  /** `stopped`: the shell has ended; its output can be read. */
  state: "running" | "stopped";

  /** Unix time, seconds. */
  startedAt: number;

  /** Unix time, seconds; null while it runs. */
  endedAt: number | null;

  /** As a shell reports it; null while it runs. */
  exitCode: number | null;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";
  closed: boolean;
}
