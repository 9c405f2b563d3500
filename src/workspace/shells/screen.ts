// The screen of a shell as its user would see it, drawn by xterm's emulator from what the shell has printed.

import type { IBuffer, IMarker, Terminal } from "@xterm/headless";
import { EmulatorGuard } from "./emulator-guard.js";

/** Lines above the screen that are kept, as people scroll back. */
const SCROLLBACK_LINES = 1000;
/** Positions from which a reader may want to see what is new. */
const MARKS_MAX = 32;
/** Answers of one piece; a program that asks more at once does not mean it. */
const ANSWERS_MAX = 1024;

/** What the normal screen looked like at a position. */
interface Mark {
  readonly cursor: number;
  /** The line above `rows`, as it moves up: a program that clears the screen does not touch it. Undefined: there was none. */
  readonly above: IMarker | undefined;
  readonly rows: readonly string[];
}

export interface Drawing {
  readonly text: string;
  /** A program has the whole screen, as editors and pagers do: all of it is shown. */
  readonly fullScreen: boolean;
  /** Where the terminal's cursor is, from 1. */
  readonly row: number;
  readonly column: number;
}

export class Screen {
  readonly #terminal: Terminal;
  readonly #guard = new EmulatorGuard();
  #marks: Mark[] = [];
  #answers = "";

  private constructor(terminal: Terminal) {
    this.#terminal = terminal;
    terminal.onData((data) => {
      if (this.#answers.length + data.length <= ANSWERS_MAX) this.#answers += data;
    });
  }

  /** The emulator is loaded with the first shell: most daemons never need it. */
  static async create(cols: number, rows: number): Promise<Screen> {
    const { Terminal } = await import("@xterm/headless/lib-headless/xterm-headless.mjs");
    return new Screen(
      new Terminal({
        cols,
        rows,
        scrollback: SCROLLBACK_LINES,
        allowProposedApi: true,
        logLevel: "off",
        windowOptions: { getWinSizeChars: true },
      }),
    );
  }

  /** Draws output. Returns what the terminal answers to it, which is to be typed into the shell. */
  async draw(output: string): Promise<string> {
    const { cols, rows } = this.#terminal;
    const guarded = this.#guard.pass(output, Math.max(cols, rows));
    await new Promise<void>((resolve) => this.#terminal.write(guarded, resolve));
    const answers = this.#answers;
    this.#answers = "";
    return answers;
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
  }

  /** A reader has seen the screen at `cursor`. */
  mark(cursor: number): void {
    // Only while the normal screen is shown can its lines be followed.
    if (this.#terminal.buffer.active.type !== "normal") return;
    const { baseY, cursorY } = this.#terminal.buffer.normal;
    const above = baseY === 0 ? undefined : this.#terminal.registerMarker(-cursorY - 1);
    const rows = this.#rows().map((row) => readLine(this.#terminal.buffer.normal, baseY + row));
    const [evicted] = this.#marks.length >= MARKS_MAX ? this.#marks : [];
    evicted?.above?.dispose();
    this.#marks = [...this.#marks.filter((each) => each !== evicted), { cursor, above, rows }];
  }

  /** The screen, and above it what has come since `cursor`; of a full-screen program the screen alone. */
  show(cursor: number): Drawing {
    const buffer = this.#terminal.buffer.active;
    const fullScreen = buffer.type === "alternate";
    return {
      text: fullScreen ? this.#readRows(buffer) : this.#readSince(buffer, this.#findFirstNew(buffer, cursor)),
      fullScreen,
      row: buffer.cursorY + 1,
      column: buffer.cursorX + 1,
    };
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #rows(): number[] {
    return Array.from({ length: this.#terminal.rows }, (_, row) => row);
  }

  /** The first line that differs from what the reader saw at `cursor`. */
  #findFirstNew(buffer: IBuffer, cursor: number): number {
    const mark = this.#marks.findLast((each) => each.cursor <= cursor);
    if (cursor === 0 || !mark || mark.above?.isDisposed === true) return 0;
    const top = mark.above ? mark.above.line + 1 : 0;
    const changed = mark.rows.findIndex((row, index) => readLine(buffer, top + index) !== row);
    return changed < 0 ? top + mark.rows.length : top + changed;
  }

  #readRows(buffer: IBuffer): string {
    const lines = this.#rows().map((row) => readLine(buffer, row));
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1).join("\n");
  }

  /** Lines that the terminal has wrapped are whole again. */
  #readSince(buffer: IBuffer, first: number): string {
    let start = first;
    while (start > 0 && buffer.getLine(start)?.isWrapped === true) start--;
    const lines: string[] = [];
    // Down to the cursor: a line that has ended tells itself from one that has not.
    let end = buffer.length - 1;
    while (end > buffer.baseY + buffer.cursorY && readLine(buffer, end) === "") end--;
    for (let y = start; y <= end; y++) {
      const isWrapped = buffer.getLine(y)?.isWrapped === true && lines.length > 0;
      const text = readLine(buffer, y, buffer.getLine(y + 1)?.isWrapped !== true);
      lines.push(isWrapped ? (lines.pop() ?? "") + text : text);
    }
    return lines.join("\n");
  }
}

function readLine(buffer: IBuffer, y: number, trimRight = true): string {
  return buffer.getLine(y)?.translateToString(trimRight) ?? "";
}
