// `pyro workspace shell attach`: the user's terminal becomes a shell's.

import type { Command } from "commander";
import { Client } from "../../client/client.js";
import { SHELL_COLS, SHELL_ROWS } from "../../contract/limits.js";
import type { ResultOf } from "../../operations/registry.js";
import { formatExamples } from "../binding.js";
import { LiveTerminal } from "../live-terminal.js";
import type { ProgramContext } from "../program-context.js";
import { statusLine } from "../render/lines.js";

export function addShellAttachCommand(shellGroup: Command, context: ProgramContext): void {
  shellGroup
    .command("attach")
    .summary("Use a shell live, in this terminal")
    .description(
      "Connects this terminal to a shell of a workspace; without a shell's id, to a new one. Ctrl-] leaves, and the shell runs on; `exit` ends it.",
    )
    .argument("<workspace_id>", "Id `ws_…` of the workspace, or its name")
    .argument("[shell_id]", "Id `sh_…` of the shell; absent: a new one is opened")
    .addHelpText(
      "after",
      formatExamples([
        "pyro workspace shell attach fix-parser",
        "pyro workspace shell attach fix-parser sh_4k2x7d3mq5ab",
      ]),
    )
    .action(async (workspaceId: string, shellId: string | undefined) => {
      const { output } = context;
      const attached = await attach(workspaceId, shellId, context);
      await output.document(attached, { stderr: describeEnd(attached) });
    });
}

type Attached = ResultOf<"terminal_attach">;

async function attach(workspace_id: string, given: string | undefined, context: ProgramContext) {
  const { output, signal } = context;
  const client = new Client();
  using terminal = LiveTerminal.open();
  const size = () => ({
    cols: Math.min(Math.max(terminal.size.cols, SHELL_COLS.min), SHELL_COLS.max),
    rows: Math.min(Math.max(terminal.size.rows, SHELL_ROWS.min), SHELL_ROWS.max),
  });
  const shell_id =
    given ?? (await client.invoke("shell_open", { workspace_id, ...size() }, { signal })).shell_id;
  await output.document(undefined, {
    stderr: `${statusLine("workspace-shell-attach", { workspace_id, shell_id }).trimEnd()} Ctrl-] leaves, the shell runs on\r\n`,
  });
  const resize = (cols: number, rows: number) =>
    client.invoke("terminal_resize", { workspace_id, shell_id, cols, rows }, { signal });
  if (given !== undefined) {
    const { cols, rows } = size();
    // A program with a screen of its own draws it anew when the size changes, and only then.
    await resize(cols, Math.max(rows - 1, 1));
    await resize(cols, rows);
  }
  terminal.onResize(() => {
    const { cols, rows } = size();
    // The shell may have ended: the call below tells.
    void resize(cols, rows).catch(() => undefined);
  });
  return await client.invoke(
    "terminal_attach",
    { workspace_id, shell_id, ...(given === undefined && { cursor: 0 }) },
    {
      signal,
      stdin: terminal.keys(),
      onEvent: async (event) => {
        if (event.type !== "progress") await terminal.write(event.data);
        else await terminal.tell(`${String(event.fields["missing_chars"])} characters left out`);
      },
    },
  );
}

function describeEnd({ workspace_id, shell_id, detached, exit_code }: Attached): string {
  const back = `pyro workspace shell attach ${workspace_id} ${shell_id}`;
  return detached
    ? `Left shell ${shell_id}, which runs on; back with \`${back}\`.\n`
    : `Shell ${shell_id} has ended with status ${exit_code}.\n`;
}
