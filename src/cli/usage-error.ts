// Wrong usage, as one line of what and one of what to do.

import type { CommanderError } from "commander";
import { PyroError } from "../contract/errors.js";
import type { CliBinding } from "../operations/operation.js";
import { findNamesakes } from "./find-operation.js";

/** `words` name the command that was meant, as far as they are known; `cli` is its binding when it is an operation. */
export function describeUsage(
  error: CommanderError,
  words: readonly string[],
  cli: CliBinding | undefined,
): PyroError {
  if (error.code === "commander.help") {
    return new PyroError("invalid_input", "a command is missing", { hint: "The commands are listed above." });
  }
  const [message = "wrong usage", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const hint =
    suggestNamesakes(message) ?? suggestion?.replace(/^\((.*)\)$/, "$1") ?? hintFor(error, words, cli);
  return new PyroError("invalid_input", message, { hint });
}

/** Of `exec` alone: where that command is. */
function suggestNamesakes(message: string): string | undefined {
  const [, word] = /^unknown command '(.*)'$/.exec(message) ?? [];
  const namesakes = word === undefined ? [] : findNamesakes(word);
  if (namesakes.length === 0) return undefined;
  return `Did you mean ${namesakes.map((words) => `\`pyro ${words.join(" ")}\``).join(" or ")}?`;
}

function hintFor(error: CommanderError, words: readonly string[], cli: CliBinding | undefined): string {
  if (error.code === "commander.excessArguments" && cli?.argvField) {
    return `What the guest executes goes after \`--\`, for example: ${cli.examples[0]}`;
  }
  const help = `See \`${["pyro", ...words].join(" ")} --help\``;
  if (words.length === 0) return `${help}, or --help after any command.`;
  return cli ? `${help}. For example: ${cli.examples[0]}` : `${help}.`;
}
