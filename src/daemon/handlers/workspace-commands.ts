// Commands in workspaces: running them, and what is known of them.

import type { ResultOf } from "../../operations/registry.js";
import { readLogs, type LogEntry } from "../../workspace/read-logs.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { Handler } from "../handler.js";
import { executionModeOf, untoldRecovery } from "./workspace-record.js";

export const execWorkspace: Handler<"workspace_exec"> = async ({ workspaces }, input, context) => {
  const workspace = workspaces.get(input.workspace_id);
  const { command, timeout_seconds: timeoutSeconds, cwd, secret_env: secretEnv } = input;
  const outcome = await workspace.exec({ command, timeoutSeconds, cwd, secretEnv }, context);
  const { stdout, stderr, exec } = outcome;
  const { record } = workspace;
  return {
    workspace_id: workspace.id,
    sequence: outcome.sequence,
    environment: record.environment.name,
    environment_version: record.environment.version,
    command: outcome.command,
    cwd: outcome.cwd,
    stdout: stdout.text(),
    stderr: stderr.text(),
    stdout_truncated: stdout.truncated,
    stderr_truncated: stderr.truncated,
    stdout_bytes: stdout.totalBytes,
    stderr_bytes: stderr.totalBytes,
    exit_code: exec.exitCode,
    timed_out: exec.timedOut,
    timeout_seconds: outcome.timeoutSeconds,
    signal: exec.signal ?? null,
    duration_ms: exec.durationMs,
    execution_mode: executionModeOf(record),
    ...untoldRecovery(workspace),
  };
};

export const logsWorkspace: Handler<"workspace_logs"> = async ({ workspaces }, input) => {
  const workspace = workspaces.get(input.workspace_id);
  const { sequence, stream, offset, limit, max_bytes: maxBytes } = input;
  const { count, entries } = await readLogs(workspace.history, { sequence, stream, offset, maxBytes, limit });
  const [first] = entries;
  return {
    workspace_id: workspace.id,
    count,
    entries: entries.map((entry) => formatEntry(workspace, entry)),
    next_offset: first && sequence !== undefined && stream !== undefined ? first[stream].nextOffset : null,
  };
};

function formatEntry(
  { record }: Workspace,
  { command: { sequence, command, cwd, startedAt, end }, stdout, stderr }: LogEntry,
): ResultOf<"workspace_logs">["entries"][number] {
  return {
    sequence,
    command,
    cwd,
    exit_code: end?.exitCode ?? null,
    timed_out: end?.timedOut ?? false,
    signal: end?.signal ?? null,
    duration_ms: end?.durationMs ?? 0,
    execution_mode: executionModeOf(record),
    recorded_at: end?.at ?? startedAt,
    stdout: stdout.text,
    stderr: stderr.text,
    stdout_truncated: stdout.truncated,
    stderr_truncated: stderr.truncated,
    stdout_bytes: stdout.totalBytes,
    stderr_bytes: stderr.totalBytes,
  };
}
