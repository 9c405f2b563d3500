// Output for people: the guest's bytes through, status lines to stderr, a bar where there is a terminal.

import type { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { WriteStream } from "node:tty";
import type { PyroError } from "../contract/errors.js";
import type { OperationEvent, ProgressEvent } from "../contract/events.js";
import type { OperationId, ResultOf } from "../operations/registry.js";
import type { Output } from "./output.js";
import { formatBar, formatStatusLine } from "./progress.js";
import { render } from "./render/render.js";
import type { Rendering } from "./render/rendering.js";
import { flushStream, watchWrites, writeAll } from "./stream-writing.js";
import { neutralise } from "../contract/untrusted-text.js";

const CLEAR_LINE = "\r\u001b[K";

/** A file or a pipe, or a terminal. */
type Target = Writable & Pick<WriteStream, "isTTY" | "columns">;

export class HumanOutput implements Output {
  readonly #stdout: Target;
  readonly #stderr: Target;
  /** Of what goes to a terminal: an event can end in the middle of a character. */
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  #barShown = false;

  constructor(stdout: Target, stderr: Target) {
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  async event(event: OperationEvent): Promise<void> {
    if (event.type === "progress") {
      await this.#progress(event);
      return;
    }
    await this.#clearBar();
    const stream = event.type === "stdout" ? this.#stdout : this.#stderr;
    // A file or a pipe gets the guest's bytes as they are; a terminal gets nothing that could drive it.
    const decode = () => neutralise(this.#decoders[event.type].write(Buffer.from(event.data)));
    await writeAll(stream, stream.isTTY ? decode() : event.data);
  }

  async result<Id extends OperationId>(id: Id, result: ResultOf<Id>): Promise<void> {
    await this.#show(render(id, result));
  }

  async document(_value: unknown, view: Rendering): Promise<void> {
    await this.#show(view);
  }

  async error(error: PyroError): Promise<void> {
    await this.#clearBar();
    // A message of several lines, such as a refused patch's, is indented: none of them passes for a line of ours.
    const message = error.message.replaceAll("\n", "\n  ");
    await writeAll(this.#stderr, neutralise(`error: ${message}\nhint: ${error.hint}\n`));
  }

  onWriteFailure(callback: (error: PyroError) => void): void {
    watchWrites(this.#stdout, callback);
    watchWrites(this.#stderr, callback);
  }

  async flush(): Promise<void> {
    await flushStream(this.#stdout);
    await flushStream(this.#stderr);
  }

  async #show({ content = "", stdout = "", stderr = "" }: Rendering): Promise<void> {
    await this.#clearBar();
    await writeAll(this.#stdout, this.#stdout.isTTY ? endLine(neutralise(content)) : content);
    await writeAll(this.#stdout, neutralise(stdout));
    await writeAll(this.#stderr, neutralise(stderr));
  }

  async #progress(event: ProgressEvent): Promise<void> {
    if (!event.done) {
      await this.#clearBar();
      await writeAll(this.#stderr, `${neutralise(formatStatusLine(event))}\n`);
    } else if (this.#stderr.isTTY) {
      this.#barShown = true;
      await writeAll(this.#stderr, CLEAR_LINE + neutralise(formatBar(event, this.#stderr.columns)));
    }
  }

  async #clearBar(): Promise<void> {
    if (!this.#barShown) return;
    this.#barShown = false;
    await writeAll(this.#stderr, CLEAR_LINE);
  }
}

/** So that the next line on a terminal is one of its own. */
function endLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
