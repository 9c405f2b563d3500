// Output for programs: one JSON document on stdout, failures too; status lines stay on stderr.

import type { Writable } from "node:stream";
import type { PyroError } from "../contract/errors.js";
import type { OperationEvent } from "../contract/events.js";
import type { OperationId, ResultOf } from "../operations/registry.js";
import { formatJson } from "./json.js";
import type { Output } from "./output.js";
import { formatStatusLine } from "./progress.js";
import { flushStream, watchWrites, writeAll } from "./stream-writing.js";
import { neutralise } from "../contract/untrusted-text.js";

export class JsonOutput implements Output {
  readonly #stdout: Writable;
  readonly #stderr: Writable;

  constructor(stdout: Writable, stderr: Writable) {
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  async event(event: OperationEvent): Promise<void> {
    // The guest's output is part of the result.
    if (event.type !== "progress" || event.done) return;
    await writeAll(this.#stderr, `${neutralise(formatStatusLine(event))}\n`);
  }

  async result<Id extends OperationId>(_id: Id, result: ResultOf<Id>): Promise<void> {
    await writeAll(this.#stdout, formatJson(result));
  }

  async document(value: unknown): Promise<void> {
    await writeAll(this.#stdout, formatJson(value));
  }

  async error(error: PyroError): Promise<void> {
    await writeAll(this.#stdout, formatJson({ error: error.toReport() }));
  }

  onWriteFailure(callback: (error: PyroError) => void): void {
    watchWrites(this.#stdout, callback);
    // Without a listener a lost reader ends the process. Status lines are beside the document: it is still wanted.
    watchWrites(this.#stderr, () => undefined);
  }

  async flush(): Promise<void> {
    await flushStream(this.#stdout);
    await flushStream(this.#stderr);
  }
}
