// The command line that makes an entry canonical, for hints. Pure.

import type { ServeOptions } from "../contract/serve-options.js";
import type { EntryPlace, HostId } from "./agent-host.js";
import { formatServeArguments } from "./serve-arguments.js";

/** `pyro host repair HOST …`, as one would type it. */
export function repairCommand(
  host: HostId,
  { options, place }: { readonly options: ServeOptions; readonly place: EntryPlace },
): string {
  const scope = place.scope === undefined ? [] : ["--scope", place.scope];
  const words = ["pyro", "host", "repair", host, ...formatServeArguments(options), ...scope];
  return words.map(quote).join(" ");
}

function quote(word: string): string {
  return /^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
