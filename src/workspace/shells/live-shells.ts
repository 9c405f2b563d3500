// The shells of a guest that runs: opened, read, typed into, signalled and closed.

import { constants } from "node:os";
import { PyroError } from "../../contract/errors.js";
import type { GuestShell, GuestShells } from "../../guest/shells.js";
import { Screen, type Drawing } from "./screen.js";
import { ShellFollower } from "./shell-follower.js";
import { newShellId } from "./shell-ids.js";

export interface LiveShellsOptions {
  readonly shells: GuestShells;
  readonly machineId: string;
  /** Aborts when the guest's life is over. */
  readonly signal: AbortSignal;
  /** A shell has printed something: what runs in it may change files. */
  readonly onOutput: () => void;
}

export interface OpenShellInput {
  /** Absolute, in the guest. */
  readonly cwd: string;
  readonly cols: number;
  readonly rows: number;
  /** Variable to the secret whose value it has. */
  readonly secretEnv: Readonly<Record<string, string>>;
}

export interface ReadShellInput {
  readonly shellId: string;
  readonly cursor: number;
  readonly maxChars: number;
  readonly plain: boolean;
  readonly waitForIdleMs: number | undefined;
}

export interface ShellReading {
  readonly shell: GuestShell;
  readonly cursor: number;
  readonly nextCursor: number;
  readonly output: string;
  /** There is more than `output`: after it, or of what is drawn, before it. */
  readonly truncated: boolean;
  /** Characters after the cursor that was asked for that are not kept any more. */
  readonly missingChars: number;
  readonly drawing: Drawing | undefined;
}

export type ShellSignal = "HUP" | "INT" | "TERM" | "KILL";

export class LiveShells {
  readonly #options: LiveShellsOptions;
  readonly #followers = new Map<string, ShellFollower>();

  constructor(options: LiveShellsOptions) {
    this.#options = options;
  }

  /** Unix seconds: now while a shell runs, else when the last one had ended; 0 without any. */
  get lastActiveAt(): number {
    const all = [...this.#followers.values()];
    if (all.some(({ isRunning }) => isRunning)) return Date.now() / 1000;
    return Math.max(0, ...all.map(({ endedAtSeconds }) => endedAtSeconds));
  }

  /** Whether a shell has printed something within the last so many milliseconds. */
  hasPrintedWithin(limitMs: number): boolean {
    return [...this.#followers.values()].some(({ silentMs }) => silentMs < limitMs);
  }

  /** Takes over what was opened while another daemon was there. */
  async adopt(): Promise<void> {
    const { shells, signal } = this.#options;
    for (const shell of await shells.list(signal)) await this.#follow(shell);
  }

  async open(input: OpenShellInput, signal: AbortSignal): Promise<GuestShell> {
    const { shells, machineId } = this.#options;
    const shell = await shells
      .open({ ...input, shellId: newShellId(machineId) }, signal)
      .catch(explainOpening);
    await this.#follow(shell);
    return shell;
  }

  async read(input: ReadShellInput, signal: AbortSignal): Promise<ShellReading> {
    const { shellId, cursor, maxChars, plain, waitForIdleMs } = input;
    const request = { shellId, cursor, maxChars: plain ? 0 : maxChars, waitForIdleMs };
    const piece = await this.#named(shellId, () => this.#options.shells.read(request, signal));
    if (plain) return this.#readDrawn(piece.shell, cursor, maxChars, signal);
    return {
      ...piece,
      truncated: piece.nextCursor < piece.shell.totalChars,
      missingChars: piece.cursor - cursor,
      drawing: undefined,
    };
  }

  /** What comes after `cursor`, as soon as something has come; nothing after `waitMs`, or at the shell's end. */
  async next(shellId: string, cursor: number, maxChars: number, waitMs: number, signal: AbortSignal) {
    const request = { shellId, cursor, maxChars, waitForOutputMs: waitMs };
    return this.#named(shellId, () => this.#options.shells.read(request, signal));
  }

  async write(shellId: string, input: string, signal: AbortSignal): Promise<GuestShell> {
    return this.#named(shellId, () => this.#options.shells.write(shellId, input, { signal }));
  }

  async signal(shellId: string, name: ShellSignal, signal: AbortSignal): Promise<GuestShell> {
    const number = constants.signals[`SIG${name}`];
    return this.#named(shellId, () => this.#options.shells.signal(shellId, number, signal));
  }

  async resize(shellId: string, cols: number, rows: number, signal: AbortSignal): Promise<GuestShell> {
    const shell = await this.#named(shellId, () => this.#options.shells.resize(shellId, cols, rows, signal));
    this.#followers.get(shellId)?.resize(cols, rows);
    return shell;
  }

  async close(shellId: string, signal: AbortSignal): Promise<GuestShell> {
    const shell = await this.#named(shellId, () => this.#options.shells.close(shellId, signal));
    this.#followers.get(shellId)?.dispose();
    this.#followers.delete(shellId);
    return shell;
  }

  async #readDrawn(
    shell: GuestShell,
    since: number,
    maxChars: number,
    signal: AbortSignal,
  ): Promise<ShellReading> {
    const follower = this.#followers.get(shell.shellId) ?? (await this.#follow(shell));
    const { drawing, cursor: nextCursor } = await follower.show(since, shell.totalChars, signal);
    // Of a screen the end matters.
    const output = drawing.text.slice(-maxChars);
    const truncated = output.length < drawing.text.length;
    return { shell, cursor: since, nextCursor, output, truncated, missingChars: 0, drawing };
  }

  async #follow(shell: GuestShell): Promise<ShellFollower> {
    const { shells, signal, onOutput } = this.#options;
    const screen = await Screen.create(shell.cols, shell.rows);
    const known = this.#followers.get(shell.shellId);
    if (known) {
      screen.dispose();
      return known;
    }
    const follower = new ShellFollower({ shells, screen, shell, signal, onOutput });
    this.#followers.set(shell.shellId, follower);
    return follower;
  }

  /** Runs `act`; a shell that is not there is named together with those that are. */
  async #named<Result>(shellId: string, act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof PyroError) || error.code !== "shell_not_found") throw error;
      const shells = await this.#options.shells.list(this.#options.signal);
      const ids = shells.map((shell) => shell.shellId);
      const existing = ids.length === 0 ? "none is open" : `open are ${ids.join(", ")}`;
      throw new PyroError("shell_not_found", `there is no shell ${shellId}: ${existing}`, {
        details: { shells: ids },
        cause: error,
      });
    }
  }
}

/** What to do in a guest that lacks what every shell needs. */
function explainOpening(error: unknown): never {
  if (!(error instanceof PyroError) || error.code !== "program_missing") throw error;
  throw new PyroError(error.code, error.message, {
    hint: "Its programs run with `pyro workspace exec ID -- PROGRAM ARGS…`; a shell needs an image that has one.",
    cause: error,
  });
}
