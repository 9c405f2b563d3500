// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

import type { CallOptions, ProgressOptions } from "../call-options.js";

/** Options of {@link Pyro.openShell}. */
export interface OpenShellOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /**
   * Directory of the guest to open it in, absolute or relative to /workspace.
   *
   * @defaultValue `"/workspace"`
   */
  cwd?: string | undefined;

  /**
   * Columns of the terminal, 1 to 500.
   *
   * @defaultValue `120`
   */
  cols?: number | undefined;

  /**
   * Rows of the terminal, 1 to 200.
   *
   * @defaultValue `30`
   */
  rows?: number | undefined;

  /**
   * Secrets for its environment: name of the secret, then of the variable.
   *
   * @defaultValue `{}`
   */
  secretEnv?: Record<string, string> | undefined;
}

/** Options of {@link Pyro.readShell}. */
export interface ReadShellOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Id `sh_…` of the shell. */
  shellId: string;

  /**
   * Where to begin, in characters since the shell was opened.
   *
   * @defaultValue `0`
   */
  cursor?: number | undefined;

  /**
   * Characters to read at most, 1 to 1048576.
   *
   * @defaultValue `65536`
   */
  maxChars?: number | undefined;

  /**
   * Drawn as on a screen, without escape sequences.
   *
   * @defaultValue `false`
   */
  plain?: boolean | undefined;

  /** Milliseconds of silence to wait for, 1 to 10000; absent: do not wait. */
  waitForIdleMs?: number | undefined;
}

/** Options of {@link Pyro.writeShell}. */
export interface WriteShellOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Id `sh_…` of the shell. */
  shellId: string;

  /** What to type, exactly. */
  input: string;

  /**
   * Press Enter after it.
   *
   * @defaultValue `true`
   */
  appendNewline?: boolean | undefined;
}

/** Options of {@link Pyro.signalShell}. */
export interface SignalShellOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Id `sh_…` of the shell. */
  shellId: string;

  /**
   * Which signal.
   *
   * @defaultValue `"INT"`
   */
  signalName?: "HUP" | "INT" | "TERM" | "KILL" | undefined;
}

/** Options of {@link Pyro.resizeShell}. */
export interface ResizeShellOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Id `sh_…` of the shell. */
  shellId: string;

  /** Columns of the terminal, 1 to 500. */
  cols: number;

  /** Rows of the terminal, 1 to 200. */
  rows: number;
}

/** Options of calls that are about one shell. */
export interface ShellIdOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Id `sh_…` of the shell. */
  shellId: string;
}
