// Judges the names of a call's arguments before anything is done. Their values are the operation's to judge.

import { PyroError } from "../contract/errors.js";
import { TEXT_ARGUMENT_MAX_BYTES } from "../contract/limits.js";
import { suggestName } from "../contract/suggest-name.js";
import type { Operation } from "../operations/operation.js";
import { OPERATIONS } from "../operations/registry.js";
import type { OfferedTool } from "./tools/offered-tool.js";

/** Longer names are shown by their beginning. */
const NAME_SHOWN_MAX = 60;

/** Throws `invalid_input` with the name of what is unknown, withheld or missing. */
export function checkArguments(tool: OfferedTool, input: Readonly<Record<string, unknown>>): void {
  const { properties, required = [] } = tool.definition.inputSchema;
  const known = Object.keys(properties);
  for (const name of Object.keys(input)) {
    if (known.includes(name)) continue;
    const why = tool.withheld.get(name);
    if (why !== undefined) throw refuse(`${name} cannot be given: ${why}`, tool);
    const shown = name.slice(0, NAME_SHOWN_MAX);
    const nearest = suggestName(shown, known);
    throw refuse(`unknown argument: ${shown}${nearest ? `; did you mean ${nearest}?` : ""}`, tool);
  }
  const missing = required.find((name) => input[name] === undefined);
  if (missing !== undefined) throw refuse(`${missing} is missing`, tool);
  checkTexts(tool, input);
}

// What the command line may read from a file may be larger there: see TEXT_FILE_MAX_BYTES.
function checkTexts(tool: OfferedTool, input: Readonly<Record<string, unknown>>): void {
  const { cli }: Operation = OPERATIONS[tool.definition.name];
  for (const name of Object.keys(cli?.fileFlags ?? {})) {
    const text = input[name];
    const sizeBytes = typeof text === "string" ? Buffer.byteLength(text) : 0;
    if (sizeBytes > TEXT_ARGUMENT_MAX_BYTES) {
      throw new PyroError(
        "invalid_input",
        `${name} has ${sizeBytes} bytes; at most ${TEXT_ARGUMENT_MAX_BYTES} are allowed`,
        { hint: "Give less at once, or copy a file of the host with workspace_sync_push." },
      );
    }
  }
}

function refuse(message: string, { definition }: OfferedTool): PyroError {
  const names = Object.keys(definition.inputSchema.properties);
  return new PyroError("invalid_input", message, {
    hint: `${definition.name} takes: ${names.join(", ") || "nothing"}.`,
  });
}
