// The choices that an entry holds: those are its user's, wherever its program has moved to.

import type { ServeOptions } from "../contract/serve-options.js";
import type { HostEntry } from "./agent-host.js";
import { parseServeArguments } from "./serve-arguments.js";

const SERVE_WORDS = / ?mcp serve(?: |$)/;

/** The options of `mcp serve` in an entry; undefined when it starts something else. */
export function readEntryOptions({ command, argumentLine }: HostEntry): ServeOptions | undefined {
  const words = SERVE_WORDS.exec(argumentLine);
  if (command === undefined || !words) return undefined;
  return parseServeArguments(argumentLine.slice(words.index + words[0].length));
}
