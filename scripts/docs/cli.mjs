// Writes docs/reference/cli.md, the help of every command, and errors.md, the catalogue of failures. Reads dist/.
import { writeFileSync } from "node:fs";
import { buildProgram } from "../../dist/cli/program.js";
import { ERROR_CATALOGUE } from "../../dist/contract/errors.js";
import { ERROR_MEANINGS } from "./error-meanings.mjs";

const WIDTH = 100;

// A command with others below it, such as `demo`; a mere group has no options.
function isOwnCommand(command) {
  return command.options.some(({ long }) => long !== "--version");
}

/** The commands that do something, in their order; a group is only the way to its commands. */
function listCommands(command, words = [command.name()]) {
  const below = command.commands.flatMap((each) => listCommands(each, [...words, each.name()]));
  const runs = below.length === 0 || command.registeredArguments.length > 0 || isOwnCommand(command);
  return runs ? [{ command, words }, ...below] : below;
}

function helpOf(command) {
  let help = "";
  command.configureHelp({ helpWidth: WIDTH });
  command.configureOutput({ writeOut: (text) => (help += text), getOutHasColors: () => false });
  command.outputHelp();
  return help.trimEnd();
}

const NOTE = "<!-- Made by scripts/docs/cli.mjs; `make docs` makes it anew. -->";

const program = buildProgram({
  output: undefined,
  guest: undefined,
  signal: undefined,
  setStatus: () => undefined,
});
const commands = listCommands(program).map(({ command, words }) => {
  return `## ${words.join(" ")}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`;
});
writeFileSync(
  "docs/reference/cli.md",
  `# pyro, command by command

${NOTE}

What \`--help\` prints. Everything after \`--\` is the guest's command, executed as it is; flags stand on either side of
the environment or id, before \`--\`. The guest's stdout goes to stdout, its stderr to stderr. Status lines go to stdout
where they are the result, else to stderr. With \`--json\` a command prints one document, a failure too: \`{"error": {"code", "message", "hint", "details"}}\`.

\`run\`, \`workspace exec\` and \`demo\` exit with the status of the guest's command, 124 when it timed out, and the first two
with 125 when pyro itself failed. For the others and for the codes of failures see [errors.md](errors.md).

\`\`\`text
${helpOf(program)}
\`\`\`

${commands.join("\n")}`,
);

/** Every code needs its meaning; a new one without it is an error here. */
function meaningOf(code) {
  const meaning = ERROR_MEANINGS[code];
  if (!meaning) throw new Error(`scripts/docs/error-meanings.mjs does not say what ${code} means`);
  return meaning;
}

const rows = Object.entries(ERROR_CATALOGUE).map(
  ([code, { exitStatus, retryable, hint }]) =>
    `| \`${code}\` | ${meaningOf(code)} | ${exitStatus} | ${retryable ? "yes" : "no"} | ${hint} |`,
);
writeFileSync(
  "docs/reference/errors.md",
  `# Failures

${NOTE}

\`code\` of a \`PyroError\` and of \`--json\`'s error. The same call can succeed later, without a change, where *again* says
yes. The hint is the one that is given when nothing better is known.

| Code | Meaning | Exit status | Again | Hint |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`,
);
