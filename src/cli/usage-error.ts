// Wrong usage, as one line of what and one of what to do.

import type { CommanderError } from "commander";
import { PyroError } from "../contract/errors.js";
import type { CliBinding } from "../operations/operation.js";

/** `cli`: of the command that was meant, when it is known. */
export function describeUsage(error: CommanderError, cli: CliBinding | undefined): PyroError {
  if (error.code === "commander.help") {
    return new PyroError("invalid_input", "a command is missing", { hint: "The commands are listed above." });
  }
  const [message = "wrong usage", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const hint = suggestion?.replace(/^\((.*)\)$/, "$1") ?? hintFor(error, cli);
  return new PyroError("invalid_input", message, { hint });
}

function hintFor(error: CommanderError, cli: CliBinding | undefined): string {
  const example = cli?.examples[0];
  if (error.code === "commander.excessArguments" && (!cli || cli.argvField)) {
    return `What the guest executes goes after \`--\`, for example: ${example ?? "pyro run debian:12 -- git --version"}`;
  }
  const words = cli ? `pyro ${cli.words.join(" ")}` : "pyro";
  return `See \`${words} --help\`${example ? `. For example: ${example}` : ", or --help after any command."}`;
}
