// The operations on shells.

import path from "node:path";
import { countCharacters } from "../../contract/characters.js";
import { PyroError } from "../../contract/errors.js";
import { WORKSPACE_PATH } from "../../contract/limits.js";
import type { GuestShell } from "../../guest/shells.js";
import type { ResultOf } from "../../operations/registry.js";
import { attachTerminal } from "../../workspace/shells/attach-terminal.js";
import { isShellOf } from "../../workspace/shells/shell-ids.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { Handler } from "../handler.js";
import type { Services } from "../services.js";
import { executionModeOf, untoldRecovery } from "./workspace-record.js";

/** What the Enter key sends. */
const ENTER = "\r";

export const openShell: Handler<"shell_open"> = async ({ workspaces }, input, { signal }) => {
  const workspace = workspaces.get(input.workspace_id);
  const { cols, rows } = input;
  const cwd = path.posix.resolve(WORKSPACE_PATH, input.cwd);
  const secretEnv = workspace.secrets.variables(input.secret_env);
  const shell = await workspace.use(signal, ({ shells }, both) =>
    shells.open({ cwd, cols, rows, secretEnv }, both),
  );
  return { ...formatShell(workspace, shell), ...untoldRecovery(workspace) };
};

export const readShell: Handler<"shell_read"> = async (services, input, { signal }) => {
  const workspace = findWorkspace(services, input);
  const { shell_id: shellId, cursor, max_chars: maxChars, plain, wait_for_idle_ms: waitForIdleMs } = input;
  const reading = await workspace.peek(signal, ({ shells }, both) =>
    shells.read({ shellId, cursor, maxChars, plain, waitForIdleMs }, both),
  );
  const { drawing } = reading;
  return {
    ...formatShell(workspace, reading.shell),
    cursor: reading.cursor,
    next_cursor: reading.nextCursor,
    output: reading.output,
    truncated: reading.truncated,
    missing_chars: reading.missingChars,
    plain,
    wait_for_idle_ms: waitForIdleMs ?? null,
    screen: drawing ? { full_screen: drawing.fullScreen, row: drawing.row, column: drawing.column } : null,
  };
};

export const writeShell: Handler<"shell_write"> = async (services, input, { signal }) => {
  const workspace = findWorkspace(services, input);
  const { shell_id: shellId, append_newline: appendNewline } = input;
  const typed = appendNewline ? input.input + ENTER : input.input;
  const shell = await workspace.use(signal, ({ shells }, both) => shells.write(shellId, typed, both));
  return {
    ...formatShell(workspace, shell),
    input_length: countCharacters(input.input),
    append_newline: appendNewline,
  };
};

export const signalShell: Handler<"shell_signal"> = async (services, input, { signal }) => {
  const workspace = findWorkspace(services, input);
  const { shell_id: shellId, signal_name: name } = input;
  const shell = await workspace.use(signal, ({ shells }, both) => shells.signal(shellId, name, both));
  return { ...formatShell(workspace, shell), signal: name };
};

export const closeShell: Handler<"shell_close"> = async (services, input, { signal }) => {
  const workspace = findWorkspace(services, input);
  const shell = await workspace.use(signal, ({ shells }, both) => shells.close(input.shell_id, both));
  return { ...formatShell(workspace, shell), closed: true };
};

export const resizeTerminal: Handler<"terminal_resize"> = async (services, input, { signal }) => {
  const workspace = findWorkspace(services, input);
  const { shell_id: shellId, cols, rows } = input;
  const shell = await workspace.use(signal, ({ shells }, both) => shells.resize(shellId, cols, rows, both));
  return formatShell(workspace, shell);
};

export const attachToTerminal: Handler<"terminal_attach"> = async (services, input, context) => {
  const workspace = findWorkspace(services, input);
  const { shell_id: shellId, cursor } = input;
  const { signal, onEvent } = context;
  const stdin = input.interactive ? context.stdin : undefined;
  const { shell, nextCursor, detached } = await attachTerminal(
    workspace,
    { shellId, cursor },
    { signal, onEvent, stdin },
  );
  return { ...formatShell(workspace, shell), next_cursor: nextCursor, detached };
};

/** A shell of a guest that is gone is not worth starting another guest for. */
function findWorkspace(
  { workspaces }: Services,
  { workspace_id: id, shell_id: shellId }: { readonly workspace_id: string; readonly shell_id: string },
): Workspace {
  const workspace = workspaces.get(id);
  const { record, guest, death } = workspace;
  if (guest && !death && isShellOf(shellId, guest.machine.id)) return workspace;
  throw new PyroError("shell_not_found", `there is no shell ${shellId}: ${explainEnd(workspace)}`, {
    details: {
      state: record.state,
      reset_count: record.resetCount,
      last_reset_at: record.lastResetAt ?? null,
    },
  });
}

function explainEnd({ id, record, death }: Workspace): string {
  if (record.state === "stopped") return `the workspace ${id} was stopped, and that ends its shells`;
  if (death) return `${death.message}, and its shells with it`;
  return `it is none of the guest that ${id} has now; a reset, a stop or a recovery ends all shells`;
}

function formatShell(workspace: Workspace, shell: GuestShell): ResultOf<"terminal_resize"> {
  const { record } = workspace;
  return {
    workspace_id: workspace.id,
    shell_id: shell.shellId,
    cwd: shell.cwd,
    cols: shell.cols,
    rows: shell.rows,
    state: shell.endedAt === undefined ? "running" : "stopped",
    started_at: shell.startedAt,
    ended_at: shell.endedAt ?? null,
    exit_code: shell.exitCode ?? null,
    execution_mode: executionModeOf(record),
  };
}
