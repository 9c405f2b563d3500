// How an entry differs from the command that it should be, in words. Pure.

import type { EntryPlace, HostEntry } from "./agent-host.js";
import type { ServerCommand } from "./server-command.js";
import { SERVER_VARIABLES } from "./server-variables.js";

/** Empty when the entry is as it should be. Variables of the user's own in it are no difference. */
export function listDifferences(entry: HostEntry, expected: ServerCommand, place: EntryPlace = {}): string[] {
  const differences: string[] = [];
  if (entry.command === undefined) return [`it is no program but ${entry.argumentLine}`];
  if (!entry.enabled) differences.push("it is disabled");
  if (place.scope !== undefined && place.scope !== entry.location) {
    differences.push(`its scope is ${entry.location}, not ${place.scope}`);
  }
  if (entry.command !== expected.command) {
    differences.push(`its command is ${entry.command}, not ${expected.command}`);
  }
  if (!hasArguments(entry, expected.args)) {
    differences.push(`its arguments are \`${entry.argumentLine}\`, not \`${expected.args.join(" ")}\``);
  }
  for (const name of SERVER_VARIABLES) {
    const [present, wanted] = [entry.env[name], expected.env[name]];
    if (present !== wanted)
      differences.push(`its ${name} is ${present ?? "unset"}, not ${wanted ?? "unset"}`);
  }
  return differences;
}

function hasArguments({ args, argumentLine }: HostEntry, expected: readonly string[]): boolean {
  if (args) return args.length === expected.length && args.every((each, index) => each === expected[index]);
  return argumentLine === expected.join(" ");
}
