// The user's own terminal while it is connected to a shell's: raw keys in, filtered output out, its size, and the key
// that leaves.

import { Buffer } from "node:buffer";
import type { ReadStream, WriteStream } from "node:tty";
import { PyroError } from "../contract/errors.js";
import { writeAll } from "./stream-writing.js";
import { RESTORE_TERMINAL, TerminalFilter } from "./terminal-filter.js";

/** Ctrl-], as telnet has it: no shell and hardly an editor wants it. */
const DETACH_KEY = 0x1d;

export class LiveTerminal implements Disposable {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #filter = new TerminalFilter();
  readonly #decoder = new TextDecoder();

  private constructor(input: ReadStream, output: WriteStream) {
    this.#input = input;
    this.#output = output;
    input.setRawMode(true);
  }

  static open(): LiveTerminal {
    if (!process.stdin.isTTY || !process.stdout.isTTY) {
      throw new PyroError("invalid_input", "attach needs a terminal: stdin and stdout are not one", {
        hint: "Use `pyro workspace shell write` and `pyro workspace shell read`.",
      });
    }
    return new LiveTerminal(process.stdin, process.stdout);
  }

  get size(): { readonly cols: number; readonly rows: number } {
    const [cols, rows] = this.#output.getWindowSize();
    return { cols, rows };
  }

  onResize(callback: () => void): void {
    this.#output.on("resize", callback);
  }

  async write(output: Uint8Array): Promise<void> {
    await writeAll(this.#output, this.#filter.pass(this.#decoder.decode(output, { stream: true })));
  }

  /** A line of ours among the shell's. */
  async tell(text: string): Promise<void> {
    await writeAll(this.#output, `\r\n[pyro: ${text}]\r\n`);
  }

  /** What is typed, until the key that leaves. */
  async *keys(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#input.iterator({ destroyOnReturn: false })) {
      const bytes: unknown = chunk;
      if (!Buffer.isBuffer(bytes)) continue;
      const end = bytes.indexOf(DETACH_KEY);
      if (end < 0) yield bytes;
      else {
        if (end > 0) yield bytes.subarray(0, end);
        return;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#output.removeAllListeners("resize");
    this.#input.setRawMode(false);
    this.#output.write(`${RESTORE_TERMINAL}\r\n`);
  }
}
