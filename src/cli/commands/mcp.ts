// `pyro mcp serve`: the MCP server on stdio. Its library is loaded by this command only.

import type { Command } from "commander";
import { checkServeOptions } from "../../contract/serve-options.js";
import { formatExamples } from "../binding.js";
import type { ProgramContext } from "../program-context.js";
import { addServeFlags, readServeOptions, type ServeFlags } from "../serve-flags.js";

export function addMcpCommands(program: Command, { signal }: ProgramContext): void {
  const group = program
    .command("mcp")
    .description("The MCP server for coding agents; `pyro host connect` enters it there")
    .helpCommand(false);
  group.exitOverride();
  const command = group
    .command("serve")
    .description(
      "Serve MCP on stdin and stdout until the client goes. Workspaces start from the project that the flags name, " +
        "else from the Git checkout of the working directory, else from what the client says it works on",
    );
  addServeFlags(command)
    .addHelpText(
      "after",
      formatExamples([
        "pyro mcp serve",
        "pyro mcp serve --mode repro-fix --project-path ~/project",
        "pyro mcp serve --repo-url https://example.com/project.git --repo-ref main",
      ]),
    )
    .action(async (flags: ServeFlags) => {
      const options = readServeOptions(flags);
      checkServeOptions(options);
      const { serveProcess } = await import("../../mcp/serve-process.js");
      await serveProcess(options, process, signal);
    });
}
