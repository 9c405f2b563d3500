// The body of a call: one line of JSON, and after it the command's stdin.

import type { IncomingMessage } from "node:http";
import { PyroError } from "../contract/errors.js";

/** Largest input of any operation: a text of 64 MiB, in which every second character has to be escaped. */
const INPUT_MAX_BYTES = 144 * 1024 * 1024;
const NEWLINE = 0x0a;

export interface CallRequest {
  readonly input: unknown;
  /** Absent also when the body's length is told and nothing is left of it: the command gets no pipe for nothing. */
  readonly stdin: AsyncIterable<Uint8Array> | undefined;
}

export async function readRequest(request: IncomingMessage, takesStdin: boolean): Promise<CallRequest> {
  const chunks = request[Symbol.asyncIterator]();
  const line: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    const next: IteratorResult<unknown> = await chunks.next();
    if (next.done) return { input: parse(line), stdin: undefined };
    if (!Buffer.isBuffer(next.value)) throw new PyroError("invalid_input", "the request's body is not bytes");
    const end = next.value.indexOf(NEWLINE);
    line.push(end < 0 ? next.value : next.value.subarray(0, end));
    sizeBytes += line.at(-1)?.length ?? 0;
    if (sizeBytes > INPUT_MAX_BYTES) {
      throw new PyroError("invalid_input", `the input is larger than ${INPUT_MAX_BYTES} bytes`);
    }
    if (end >= 0) {
      const rest = next.value.subarray(end + 1);
      const isWhole = request.headers["content-length"] === String(sizeBytes + 1);
      return { input: parse(line), stdin: takesStdin && !isWhole ? readRest(rest, chunks) : undefined };
    }
  }
}

async function* readRest(first: Buffer, chunks: AsyncIterator<unknown>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    if (Buffer.isBuffer(next.value)) yield next.value;
  }
}

function parse(line: readonly Buffer[]): unknown {
  try {
    return JSON.parse(Buffer.concat(line).toString("utf8"));
  } catch (error) {
    throw new PyroError("invalid_input", "the input is not JSON", { cause: error });
  }
}
