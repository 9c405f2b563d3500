// Fields that the user gives in a file, such as `--text-file`: exactly one of field and file.

import type { Command } from "commander";
import { PyroError } from "../contract/errors.js";
import { TEXT_ARGUMENT_MAX_BYTES } from "../contract/limits.js";
import type { CliBinding } from "../operations/operation.js";
import { readTextFile } from "./text-file.js";

/** `values` with the texts of the files that `command` was given. */
export async function fillFromFiles(
  command: Command,
  cli: CliBinding,
  values: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const filled: Record<string, unknown> = { ...values };
  const options = new Map(command.options.map((option) => [option.long, option.attributeName()]));
  for (const [field, flag] of Object.entries(cli.fileFlags ?? {})) {
    const given: unknown = values[field];
    const file: unknown = command.getOptionValue(options.get(`--${flag}`) ?? flag);
    const pair = `--${cli.flags?.[field] ?? field} and --${flag}`;
    if (typeof file === "string") {
      if (given !== undefined) throw new PyroError("invalid_input", `only one of ${pair} can be given`);
      filled[field] = await readTextFile(file, signal);
    } else if (given === undefined) {
      throw new PyroError("invalid_input", `one of ${pair} is needed`, {
        hint: `For example: ${cli.examples[0]}`,
      });
    } else if (typeof given === "string" && Buffer.byteLength(given) > TEXT_ARGUMENT_MAX_BYTES) {
      throw new PyroError("invalid_input", `${field}: at most ${TEXT_ARGUMENT_MAX_BYTES} bytes are allowed`, {
        hint: `Give it with --${flag}.`,
      });
    }
  }
  return filled;
}
