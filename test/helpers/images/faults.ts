// Ways in which a registry answers badly, for a FaultProxy. Each is for the requests that are chosen, the first `times`
// of them; the others pass.

import { Transform } from "node:stream";
import type { Asked, Exchange, Fault, Passing, Phase } from "./fault-proxy.js";

export type Chosen = (asked: Asked) => boolean;

export const during =
  (...phases: readonly Phase[]): Chosen =>
  ({ phase }) =>
    phases.includes(phase);

/** Requests for that blob or manifest. */
export const of =
  (digest: string): Chosen =>
  ({ path }) =>
    path.includes(digest);

/** Requests of that phase by that method. */
export const by =
  (method: string, phase: Phase): Chosen =>
  (asked) =>
    asked.method === method && asked.phase === phase;

function forChosen(chosen: Chosen, times: number, act: (exchange: Exchange) => Promise<void> | void): Fault {
  let left = times;
  return (exchange) => {
    if (!chosen(exchange.asked) || left === 0) return exchange.pass();
    left--;
    return act(exchange);
  };
}

type Headers = Readonly<Record<string, string>>;

/** `headers` as they are, or as they are at that moment. */
export function answer(
  chosen: Chosen,
  status: number,
  headers: Headers | (() => Headers) = {},
  body: string | Buffer = "",
  times = Infinity,
): Fault {
  return forChosen(chosen, times, ({ request, response }) => {
    request.resume();
    const own = typeof headers === "function" ? headers() : headers;
    response.writeHead(status, { ...own, "content-length": Buffer.byteLength(body) });
    response.end(request.method === "HEAD" ? "" : body);
  });
}

export function redirect(chosen: Chosen, location: string): Fault {
  return answer(chosen, 307, { location });
}

/** Ends the connection after so many bytes of the answer; before any answer when there are none. */
export function cut(chosen: Chosen, afterBytes = 0, times = Infinity): Fault {
  return forChosen(chosen, times, async ({ request, pass }) => {
    if (afterBytes === 0) request.socket.destroy();
    else await pass({ through: limit(afterBytes, () => request.socket.destroy()) });
  });
}

/** Ends the connection while the chosen request's own body comes. */
export function cutUpload(chosen: Chosen): Fault {
  return forChosen(chosen, Infinity, ({ request }) => {
    request.once("data", () => request.socket.destroy());
  });
}

/** Sends so many bytes in answer to the first request and then nothing more, for as long as the other end waits. */
export function hold(chosen: Chosen, afterBytes = 0): Fault {
  let left = afterBytes;
  return forChosen(chosen, Infinity, async ({ pass }) => {
    if (left === 0) return;
    left = 0;
    await pass({ through: limit(afterBytes, () => undefined) });
  });
}

/** Another byte in the middle. */
export function garble(chosen: Chosen): Fault {
  return forChosen(chosen, Infinity, async ({ pass }) => pass({ through: change((piece) => invert(piece)) }));
}

/** An answer that ends properly, and is `bytes` longer or, below 0, shorter than it should be. */
export function resize(chosen: Chosen, bytes: number): Fault {
  const resized: Passing = { extraBytes: bytes };
  return forChosen(chosen, Infinity, async ({ pass }) =>
    pass({ ...resized, through: bytes < 0 ? shorten(-bytes) : lengthen(bytes) }),
  );
}

/** Passes so many bytes, calls `then`, and passes nothing more. */
function limit(bytes: number, then: () => void): Transform {
  let left = bytes;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      this.push(piece.subarray(0, left));
      left -= Math.min(left, piece.length);
      if (left > 0) done();
      // What was passed goes out before the end.
      else setImmediate(then);
    },
  });
}

function change(changed: (piece: Buffer) => Buffer): Transform {
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      done(null, changed(piece));
    },
  });
}

function invert(piece: Buffer): Buffer {
  const garbled = Buffer.from(piece);
  const middle = Math.floor(garbled.length / 2);
  garbled.writeUInt8(garbled.readUInt8(middle) ^ 0xff, middle);
  return garbled;
}

/** Keeps the last bytes back. */
function shorten(bytes: number): Transform {
  let kept = Buffer.alloc(0);
  return change((piece) => {
    const all = Buffer.concat([kept, piece]);
    kept = Buffer.from(all.subarray(Math.max(0, all.length - bytes)));
    return all.subarray(0, Math.max(0, all.length - bytes));
  });
}

function lengthen(bytes: number): Transform {
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      done(null, piece);
    },
    flush(done) {
      done(null, Buffer.alloc(bytes));
    },
  });
}
