// `workspace shell open|read|write|signal|close`.

import type { ResultOf } from "../../../operations/registry.js";
import { statusLine } from "../lines.js";
import type { Rendering } from "../rendering.js";

/** Beside what the shell itself prints. */
function shellLine(
  tag: string,
  shell: ResultOf<"terminal_resize">,
  more: Readonly<Record<string, string | number | boolean | null>> = {},
): string {
  const { workspace_id, shell_id, state, exit_code } = shell;
  return statusLine(tag, { workspace_id, shell_id, state, exit_code, ...more });
}

export function renderShellOpen(result: ResultOf<"shell_open">): Rendering {
  const { cwd, cols, rows, execution_mode } = result;
  return { stderr: shellLine("workspace-shell-open", result, { cwd, cols, rows, execution_mode }) };
}

export function renderShellRead(result: ResultOf<"shell_read">): Rendering {
  const { output, cursor, next_cursor, truncated, missing_chars, plain } = result;
  const missing = missing_chars > 0 ? { missing_chars } : {};
  const line = shellLine("workspace-shell-read", result, {
    cursor,
    next_cursor,
    truncated,
    ...missing,
    plain,
  });
  return { content: output, stderr: line };
}

export function renderShellWrite(result: ResultOf<"shell_write">): Rendering {
  const { input_length, append_newline } = result;
  return { stderr: shellLine("workspace-shell-write", result, { input_length, append_newline }) };
}

export function renderShellSignal(result: ResultOf<"shell_signal">): Rendering {
  return { stderr: shellLine("workspace-shell-signal", result, { signal: result.signal }) };
}

export function renderShellClose(result: ResultOf<"shell_close">): Rendering {
  return { stderr: shellLine("workspace-shell-close", result, { closed: result.closed }) };
}
