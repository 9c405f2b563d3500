// What ran in a workspace: `workspace exec`, `logs`, `summary`.

import type { ResultOf } from "../../../operations/registry.js";
import { indent, oneLine, statusLine } from "../lines.js";
import type { Rendering } from "../rendering.js";

/** Of each stream, when there are several commands, characters. */
const EXCERPT_MAX = 2_000;

/** The command's output has been shown already, while it came. */
export function renderExec(result: ResultOf<"workspace_exec">): Rendering {
  const timeout = result.timed_out ? `command timed out after ${result.timeout_seconds}s\n` : "";
  const line = statusLine("workspace-exec", {
    workspace_id: result.workspace_id,
    sequence: result.sequence,
    cwd: result.cwd,
    execution_mode: result.execution_mode,
    exit_code: result.exit_code,
    duration_ms: Math.round(result.duration_ms),
  });
  return { stderr: timeout + line };
}

type LogEntry = ResultOf<"workspace_logs">["entries"][number];

/** One command is shown as it was asked for, several in excerpts. */
export function renderLogs({
  workspace_id: id,
  entries,
  next_offset: next,
}: ResultOf<"workspace_logs">): Rendering {
  if (entries.length === 0) return { stdout: "No commands.\n" };
  const limit = entries.length === 1 ? Infinity : EXCERPT_MAX;
  const more = next === null ? "" : `More with --offset ${next}.\n`;
  return { stdout: entries.map((entry) => formatEntry(id, entry, limit)).join("\n") + more };
}

function formatEntry(workspaceId: string, entry: LogEntry, limit: number): string {
  const line = statusLine("workspace-log", {
    sequence: entry.sequence,
    cwd: entry.cwd,
    exit_code: entry.exit_code ?? "none",
    signal: entry.signal,
    timed_out: entry.timed_out ? "yes" : null,
    duration_ms: Math.round(entry.duration_ms),
    execution_mode: entry.execution_mode,
  });
  const all = `pyro workspace logs ${workspaceId} --sequence ${entry.sequence} --stream`;
  const stdout = excerpt(entry.stdout, entry.stdout_truncated, limit, `${all} stdout`);
  const stderr = excerpt(entry.stderr, entry.stderr_truncated, limit, `${all} stderr`);
  // Indented: what a command wrote cannot pass for a line of ours.
  return `${line}$ ${oneLine(entry.command)}\n${stdout}${stderr === "" ? "" : `stderr:\n${stderr}`}`;
}

function excerpt(text: string, truncated: boolean, limit: number, all: string): string {
  if (text.length <= limit) return indent(text) + (truncated ? `There is more: ${all}\n` : "");
  return `${indent(text.slice(0, limit / 2))}There is more: ${all}\n${indent(text.slice(-limit / 2))}`;
}

export function renderSummary({ text }: ResultOf<"workspace_summary">): Rendering {
  return { stdout: text.endsWith("\n") ? text : `${text}\n` };
}
