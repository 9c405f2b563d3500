// `pyro host connect|print-config|doctor|repair`: they tell coding agents how to start the MCP server.

import path from "node:path";
import { Argument, Option, type Command } from "commander";
import type { ServeOptions } from "../../contract/serve-options.js";
import { HOST_IDS, type EntryPlace, type HostContext, type HostId } from "../../hosts/agent-host.js";
import { CLAUDE_SCOPES } from "../../hosts/claude-code.js";
import { connectHost, repairHost } from "../../hosts/connect.js";
import { examineHosts } from "../../hosts/doctor.js";
import { HOSTS } from "../../hosts/hosts.js";
import { newOpencodeConfig } from "../../hosts/opencode-config.js";
import { writeOpencodeFile } from "../../hosts/opencode-file.js";
import { buildServerCommand, type ServerCommand } from "../../hosts/server-command.js";
import { listServerVariables } from "../../hosts/server-variables.js";
import { resolveSettings } from "../../platform/settings.js";
import { readUserEnvironment } from "../../platform/user-environment.js";
import { formatExamples } from "../binding.js";
import { findHostProjects } from "../host-projects.js";
import type { ProgramContext } from "../program-context.js";
import {
  connectDocument,
  renderConnect,
  renderReport,
  renderWritten,
  reportDocument,
} from "../render/hosts.js";
import { addServeFlags, readServeOptions, type ServeFlags } from "../serve-flags.js";

/** As ERROR_CATALOGUE has it for what is unavailable. */
const UNHEALTHY_STATUS = 5;

type HostFlags = ServeFlags & { readonly scope?: string; readonly output?: string };

export function addHostCommands(program: Command, context: ProgramContext): void {
  const group = program
    .command("host")
    .description("Coding agents on this machine: connect them to the MCP server, and check that it works")
    .helpCommand(false);
  group.exitOverride();
  addConnect(group, context);
  addPrintConfig(group, context);
  addDoctor(group, context);
  addRepair(group, context);
}

function addConnect(group: Command, context: ProgramContext): void {
  const command = group
    .command("connect")
    .summary("Add the MCP server to a coding agent")
    .description(
      "Adds the MCP server to a coding agent, by the agent's own `mcp add`, with absolute paths. An entry that is " +
        "there already is a success; one with another command or other flags is left as it is. For OpenCode: " +
        "`pyro host print-config opencode`.",
    )
    .addArgument(new Argument("<host>", "Which agent").choices(["claude-code", "codex"]))
    .addOption(scopeOption());
  addServeFlags(command)
    .option("--json", "Print one JSON document")
    .addHelpText(
      "after",
      formatExamples(["pyro host connect claude-code", "pyro host connect codex --mode repro-fix"]),
    )
    .action((id: HostId, flags: HostFlags) => writeEntry(connectHost, id, flags, context));
}

function addRepair(group: Command, context: ProgramContext): void {
  const command = group
    .command("repair")
    .description(
      "Make the agent's entry what `connect` with the same flags would make it, whatever is there now",
    )
    .addArgument(new Argument("<host>", "Which agent").choices(HOST_IDS))
    .addOption(scopeOption())
    .option("--output <file>", "OpenCode only: the configuration file (default: the user's)");
  addServeFlags(command)
    .option("--json", "Print one JSON document")
    .addHelpText(
      "after",
      formatExamples(["pyro host repair codex", "pyro host repair claude-code --mode inspect"]),
    )
    .action((id: HostId, flags: HostFlags) => writeEntry(repairHost, id, flags, context));
}

async function writeEntry(
  write: typeof connectHost,
  id: HostId,
  flags: HostFlags,
  { output, signal }: ProgramContext,
): Promise<void> {
  const options = readServeOptions(flags);
  const request = { options, command: buildCommand(options), place: readPlace(flags) };
  const outcome = await write(HOSTS[id], request, hostContext(signal));
  await output.document(connectDocument(HOSTS[id], outcome), renderConnect(HOSTS[id], outcome));
}

function addPrintConfig(group: Command, { output }: ProgramContext): void {
  const command = group
    .command("print-config")
    .summary("Print what OpenCode's configuration needs, or put it in")
    .description(
      "Prints a configuration for OpenCode with nothing but the MCP server, or puts the server into a file. What is " +
        "no configuration is copied beside the file first.",
    )
    .addArgument(new Argument("<host>", "Which agent").choices(["opencode"]))
    .option(
      "--output <file>",
      "Put it into this file; other keys and comments in it stay (default: print it)",
    );
  addServeFlags(command)
    .option("--json", "Print one JSON document")
    .addHelpText(
      "after",
      formatExamples([
        "pyro host print-config opencode",
        "pyro host print-config opencode --output ~/.config/opencode/opencode.json",
      ]),
    )
    .action(async (_host: string, flags: HostFlags) => {
      const server = buildCommand(readServeOptions(flags));
      const { file } = readPlace(flags);
      if (file === undefined) {
        const config = newOpencodeConfig(server);
        await output.document(JSON.parse(config), { stdout: config });
        return;
      }
      const written = await writeOpencodeFile(file, server);
      await output.document({ ...written, backup: written.backup ?? null }, renderWritten(written));
    });
}

function addDoctor(group: Command, { output, signal, setStatus }: ProgramContext): void {
  const command = group
    .command("doctor")
    .summary("Show which agents are connected, and whether the server answers")
    .description(
      "Shows for each agent whether it is installed, connected, drifted from what `connect` writes, and whether the " +
        "server that it would start answers and what it starts workspaces from. With flags an entry must have exactly these; without, its own count. " +
        "Exits with 5 when something is wrong.",
    );
  addServeFlags(command)
    .option("--json", "Print one JSON document")
    .addHelpText("after", formatExamples(["pyro host doctor", "pyro host doctor --mode repro-fix"]))
    .action(async (flags: ServeFlags) => {
      const given = readServeOptions(flags);
      const options = Object.keys(given).length > 0 ? given : undefined;
      const hosts = HOST_IDS.map((id) => HOSTS[id]);
      const report = await examineHosts(hosts, { options, build: buildCommand }, hostContext(signal));
      const projects = await findHostProjects(report);
      await output.document(reportDocument(report, projects), renderReport(report, projects));
      if (!report.healthy || !projects.healthy) setStatus(UNHEALTHY_STATUS);
    });
}

function scopeOption(): Option {
  const text = "Claude Code only: all projects, this one, or this one's .mcp.json (default: user)";
  return new Option("--scope <scope>", text).choices(CLAUDE_SCOPES);
}

function readPlace({ scope, output }: HostFlags): EntryPlace {
  return {
    ...(scope !== undefined && { scope }),
    ...(output !== undefined && { file: path.resolve(output) }),
  };
}

function buildCommand(options: ServeOptions): ServerCommand {
  return buildServerCommand(options, { cwd: process.cwd(), env: listServerVariables(resolveSettings()) });
}

function hostContext(signal: AbortSignal): HostContext {
  return { env: readUserEnvironment(), cwd: process.cwd(), signal };
}
