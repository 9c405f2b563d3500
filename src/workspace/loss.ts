// What was lost with a guest: what its journal tells that the layer it came back from does not hold.

import type { JournalLine } from "./journal.js";
import type { Recovery } from "./workspace-record.js";

const COMMAND_MAX = 200;
/** The latest are named; a command before them is one that its user hardly asks for. */
const MAX_NAMED = 50;

/** Of all lines of a life, the first `heldCount` are in the layer. */
export function findLoss(
  lines: readonly JournalLine[],
  heldCount: number,
): Pick<Recovery, "missingCommands" | "missingEdits"> {
  const begun = new Map<number, string>();
  const missing = new Set<number>();
  let missingEdits = 0;
  for (const [index, line] of lines.entries()) {
    if (line.kind === "begin") begun.set(line.sequence, shorten(line.command));
    if (index < heldCount || line.kind === "export") continue;
    if (line.kind === "begin" || line.kind === "end") missing.add(line.sequence);
    else missingEdits += 1;
  }
  const missingCommands = [...missing]
    .sort((left, right) => left - right)
    .map((sequence) => ({ sequence, command: begun.get(sequence) ?? "" }));
  return { missingCommands: missingCommands.slice(-MAX_NAMED), missingEdits };
}

function shorten(command: string): string {
  return command.length > COMMAND_MAX ? `${command.slice(0, COMMAND_MAX)}…` : command;
}
