// Follows what one shell prints, for as long as the shell and its guest live: draws it, and answers what programs ask
// their terminal, whether anybody reads or not.

import { EventEmitter, once } from "node:events";
import type { GuestShell, GuestShells, ShellPiece } from "../../guest/shells.js";
import { takeDrawingTime } from "./drawing-time.js";
import type { Screen } from "./screen.js";
import { type Drawing } from "./screen.js";

/** Drawn at once; the daemon does nothing else meanwhile. */
const PIECE_CHARS = 4096;
/** What is further back is not drawn: it has left the screen and what is kept above it. */
const LAG_MAX_CHARS = 128 * 1024;
const WAIT_MS = 60_000;
/** Ends a sequence that was cut off, and does nothing else. */
const CANCEL = "\u0018";

export interface FollowerOptions {
  readonly shells: GuestShells;
  readonly screen: Screen;
  readonly shell: GuestShell;
  /** Aborts when the guest's life is over. */
  readonly signal: AbortSignal;
  readonly onOutput: () => void;
}

export class ShellFollower {
  readonly #options: FollowerOptions;
  readonly #events = new EventEmitter().setMaxListeners(0);
  #shell: GuestShell;
  /** Up to here everything is drawn. */
  #cursor = 0;
  #following = true;
  /** performance.now() */
  #printedAtMs = -Infinity;
  #endedAtSeconds = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#shell = options.shell;
    void this.#follow();
  }

  /** As it was seen last. */
  get shell(): GuestShell {
    return this.#shell;
  }

  get isRunning(): boolean {
    return this.#following && this.#shell.endedAt === undefined;
  }

  /** When it was last known to run, unix seconds by this host's clock; 0 while it runs. */
  get endedAtSeconds(): number {
    return this.#endedAtSeconds;
  }

  /** Milliseconds since it printed something. */
  get silentMs(): number {
    return performance.now() - this.#printedAtMs;
  }

  /** The screen when everything up to `totalChars` is drawn, and the position of it. */
  async show(
    cursor: number,
    totalChars: number,
    signal: AbortSignal,
  ): Promise<{ readonly drawing: Drawing; readonly cursor: number }> {
    while (this.#cursor < totalChars && this.#following) await once(this.#events, "moved", { signal });
    // What processes in the background print after the shell's end.
    while (this.#cursor < totalChars) await this.#step(0);
    const drawing = this.#options.screen.show(cursor);
    this.#options.screen.mark(this.#cursor);
    return { drawing, cursor: this.#cursor };
  }

  resize(cols: number, rows: number): void {
    this.#options.screen.resize(cols, rows);
  }

  dispose(): void {
    this.#following = false;
    this.#options.screen.dispose();
  }

  async #follow(): Promise<void> {
    try {
      while (
        this.#following &&
        (this.#shell.endedAt === undefined || this.#cursor < this.#shell.totalChars)
      ) {
        await this.#step(WAIT_MS);
      }
    } catch {
      // The guest is gone, or the shell is closed: whoever asks for either learns it from the guest.
    }
    this.#following = false;
    this.#endedAtSeconds = Date.now() / 1000;
    this.#events.emit("moved");
  }

  async #step(waitForOutputMs: number): Promise<void> {
    const { shells, screen, signal } = this.#options;
    const { shellId } = this.#shell;
    const cursor = Math.max(this.#cursor, this.#shell.totalChars - LAG_MAX_CHARS);
    const request = { shellId, cursor, maxChars: PIECE_CHARS, waitForOutputMs };
    const piece = await shells.read(request, signal);
    this.#shell = piece.shell;
    if (piece.output === "") return;
    this.#printedAtMs = performance.now();
    this.#options.onOutput();
    const isGap = piece.cursor > this.#cursor;
    const answers = await takeDrawingTime(() => screen.draw((isGap ? CANCEL : "") + piece.output));
    this.#cursor = piece.nextCursor;
    this.#events.emit("moved");
    if (answers !== "") await this.#answer(piece, answers);
  }

  async #answer({ shell, nextCursor }: ShellPiece, answers: string): Promise<void> {
    // A former daemon has answered what it has drawn.
    if (nextCursor <= shell.answeredCursor || shell.endedAt !== undefined) return;
    const { shells, signal } = this.#options;
    const options = { answersCursor: nextCursor, signal };
    // A program that has asked and does not read its input, or is gone by now, gets no answer.
    await shells.write(shell.shellId, answers, options).catch(() => undefined);
  }
}
