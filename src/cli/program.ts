// The commander program, built from the operations; plus the few commands that are none.

import { Command } from "commander";
import type { OnEvent } from "../contract/events.js";
import { Client } from "../client/client.js";
import type { Operation } from "../operations/operation.js";
import { OPERATION_IDS, OPERATIONS, type OperationId } from "../operations/registry.js";
import { PACKAGE_VERSION } from "../platform/package-files.js";
import { addBenchCommand } from "./commands/bench.js";
import { addDaemonCommands } from "./commands/daemon.js";
import { addDemoCommand } from "./commands/demo.js";
import { addHostCommands } from "./commands/host.js";
import { addMcpCommands } from "./commands/mcp.js";
import { addShellAttachCommand } from "./commands/shell-attach.js";
import { addFlags, formatExamples, positionalSyntax, readInput } from "./binding.js";
import { nameCommands } from "./command-names.js";
import { nameFlags } from "./flag-names.js";
import { fillFromFiles } from "./fill-from-files.js";
import { addOwnFacts } from "./own-facts.js";
import type { ProgramContext } from "./program-context.js";
import { exitStatusOf } from "./render/exit-status.js";
import { renderOnly } from "./render/only.js";
import { openStdin } from "./stdin.js";

export function buildProgram(context: ProgramContext): Command {
  const program = new Command("pyro")
    .description("Disposable Linux workspaces for coding agents: isolated guests with a kernel of their own.")
    .version(PACKAGE_VERSION, "-V, --version", "Print the version")
    .helpOption("-h, --help", "Show help")
    .helpCommand(false)
    // Else `pyro run git --version`, in which `--` is missing, prints pyro's own version.
    .enablePositionalOptions()
    .exitOverride()
    // Errors are shown by the one place that shows all of them; the help of a bare `pyro env` comes this way too.
    .configureOutput({
      writeErr: (text) => {
        if (text.startsWith("Usage:")) process.stderr.write(text);
      },
    })
    .addHelpText(
      "after",
      formatExamples([
        "pyro doctor",
        "pyro run debian:12 -- git --version",
        "pyro workspace create --seed-path . --name try",
        "pyro workspace exec try -- git status",
      ]),
    );
  for (const id of OPERATION_IDS) addOperation(program, id, context);
  addDaemonCommands(program, context);
  addDemoCommand(program, context);
  addBenchCommand(program, context);
  addHostCommands(program, context);
  addMcpCommands(program, context);
  addShellAttachCommand(descend(program, ["workspace", "shell"]), context);
  return program;
}

function addOperation(program: Command, id: OperationId, context: ProgramContext): void {
  const operation: Operation = OPERATIONS[id];
  const { cli } = operation;
  if (!cli) return;
  const command = descend(program, cli.words);
  command
    .summary(operation.summary)
    .description(nameFlags(nameCommands(operation.description), operation.input, cli));
  command.usage(positionalSyntax(operation.input, cli));
  addFlags(command, operation.input, cli);
  command.addHelpText("after", formatExamples(cli.examples));
  command.action(async () => {
    const { output, signal } = context;
    const values = readInput(command, operation.input, cli, context.guest);
    const input = await fillFromFiles(command, cli, values, signal);
    const onEvent: OnEvent = (event) => output.event(event);
    const stdin = operation.stdin ? openStdin() : undefined;
    const answer = await new Client().invokeUnparsed(id, input, { signal, onEvent, ...(stdin && { stdin }) });
    const result = await addOwnFacts(id, answer);
    if (cli.only && isGiven(command, cli.only.flag))
      await output.document(result, renderOnly(cli.only, result));
    else await output.result(id, result);
    context.setStatus(exitStatusOf(id, result));
  });
}

function isGiven(command: Command, flag: string): boolean {
  const option = command.options.find(({ long }) => long === `--${flag}`);
  return option !== undefined && command.getOptionValue(option.attributeName()) === true;
}

/** Finds or makes the command with these words; the groups on the way are made too. */
function descend(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    command = command.commands.find((each) => each.name() === word) ?? addCommand(command, word);
  }
  return command;
}

const GROUP_SUMMARIES: Readonly<Record<string, string>> = {
  env: "Environments: what guests are made of",
  workspace: "Isolated guests with a copy of a project, for many commands and edits",
  file: "Files of a workspace",
  patch: "Edits of many files at once",
  sync: "Files of the host into a workspace",
  disk: "Disks of stopped workspaces",
  shell: "Interactive shells in a workspace",
  service: "Processes that stay, such as a web server",
  snapshot: "States that a workspace can go back to",
  daemon: "The background process that owns the guests",
};

function addCommand(parent: Command, word: string): Command {
  const command = parent
    .command(word)
    .helpOption("-h, --help", "Show help")
    .helpCommand(false)
    .exitOverride();
  command.copyInheritedSettings(parent);
  const summary = GROUP_SUMMARIES[word];
  return summary ? command.description(summary) : command;
}
