// The forms in which a caller gives stdin, as one: chunks of bytes.

import type { CallEnding } from "./call-ending.js";
import type { Stdin } from "./call-options.js";

/** A source that fails ends the call: the command must not take a part of its input for the whole. */
export async function* readStdin(stdin: Stdin, ending: CallEnding): AsyncGenerator<Uint8Array> {
  if (typeof stdin === "string") yield Buffer.from(stdin);
  else if (stdin instanceof Uint8Array) yield stdin;
  else yield* readSource(stdin, ending);
}

async function* readSource(source: AsyncIterable<unknown>, ending: CallEnding): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of source) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError("a chunk is no Uint8Array");
      yield chunk;
    }
  } catch (thrown) {
    ending.fail("stdin", thrown);
  }
}
