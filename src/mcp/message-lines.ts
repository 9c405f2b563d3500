// Between a client's pipe and the protocol: whole lines go on; what no server of ours can read is refused and left out.

import { Transform, type TransformCallback } from "node:stream";

/** Bytes of one message: arguments of 15 MB, with room for the protocol around them. */
export const MESSAGE_MAX_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;
/** Clients write a request's id near its beginning or at its very end. */
const EDGE_BYTES = 512;
/** The protocol has had batches in one revision only. */
const BATCH: Refusal = { id: null, message: "no batches: one message a line" };

/** A message that was left out. */
export interface Refusal {
  /** Its id; null when none can be seen. */
  readonly id: string | number | null;
  readonly message: string;
}

/**
 * Without it one message that is too long would end the connection: the SDK's own reader gives up then, and says
 * nothing of a batch. It also joins a long line once, not at each of its chunks.
 */
export class MessageLines extends Transform {
  readonly #onRefusal: (refusal: Refusal) => void;
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #sizeBytes = 0;

  constructor(onRefusal: (refusal: Refusal) => void, maxBytes = MESSAGE_MAX_BYTES) {
    super();
    this.#onRefusal = onRefusal;
    this.#maxBytes = maxBytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#add(chunk.subarray(start, end + 1));
      this.#endLine();
      start = end + 1;
    }
    this.#add(chunk.subarray(start));
    done();
  }

  // What was asked before the end can be answered first.
  override _flush(done: TransformCallback): void {
    setImmediate(done);
  }

  #add(part: Buffer): void {
    this.#sizeBytes += part.length;
    this.#parts.push(part);
    if (this.#sizeBytes > this.#maxBytes) this.#parts = [keepEdges(Buffer.concat(this.#parts))];
  }

  #endLine(): void {
    const line = Buffer.concat(this.#parts);
    const isTooLong = this.#sizeBytes > this.#maxBytes;
    this.#parts = [];
    this.#sizeBytes = 0;
    if (isTooLong)
      this.#onRefusal({ id: findId(line), message: `a message has at most ${this.#maxBytes} bytes` });
    else if (/^\s*\[/.test(line.toString("latin1", 0, EDGE_BYTES))) this.#onRefusal(BATCH);
    else this.push(line);
  }
}

/** Enough of a line that is too long to find its id. */
function keepEdges(line: Buffer): Buffer {
  return Buffer.concat([line.subarray(0, EDGE_BYTES), line.subarray(EDGE_BYTES).subarray(-EDGE_BYTES)]);
}

/**
 * The id of a request, at its beginning or at its end. What stands directly before the last brace, or directly after
 * the first one and `jsonrpc`, is the message's own: nothing inside its arguments can be there.
 */
function findId(line: Buffer): string | number | null {
  const start = line.subarray(0, EDGE_BYTES).toString("utf8");
  const end = line.subarray(-EDGE_BYTES).toString("utf8");
  const found =
    /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2.0"\s*,\s*)?"id"\s*:\s*(-?\d+|"[^"\\]*")\s*[,}]/.exec(start) ??
    /,\s*"id"\s*:\s*(-?\d+|"[^"\\]*")\s*(?:,\s*"jsonrpc"\s*:\s*"2.0"\s*)?\}\s*$/.exec(end);
  const id = found?.[1];
  if (id === undefined) return null;
  return id.startsWith('"') ? id.slice(1, -1) : Number(id);
}
