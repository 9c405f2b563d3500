// Results of operations on workspaces, to be rendered.

import type { ResultOf } from "../../../../src/operations/registry.js";

type WorkspaceRecord = ResultOf<"workspace_status">;

export const WORKSPACE_ID = "ws_abcdefghijkl";

export function makeWorkspaceRecord(own: Partial<WorkspaceRecord> = {}): WorkspaceRecord {
  return {
    workspace_id: WORKSPACE_ID,
    name: null,
    labels: {},
    environment: "debian:12",
    environment_version: "1",
    state: "started",
    vcpu_count: 1,
    mem_mib: 1024,
    ttl_seconds: 14_400,
    created_at: 0,
    last_activity_at: 60,
    expires_at: 14_460,
    workspace_path: "/workspace",
    workspace_seed: {
      mode: "empty",
      seed_path: null,
      origin_kind: "empty",
      origin_ref: null,
      destination: "/workspace",
      entry_count: 0,
      bytes_written: 0,
      skipped: [],
      skipped_count: 0,
    },
    execution_mode: "guest",
    engine: { name: "gvisor", platform: "systrap", security_boundary: true },
    allow_host_compat: false,
    network_policy: "off",
    network_enabled: false,
    guest_ip: null,
    secrets: [],
    command_count: 0,
    last_command: null,
    reset_count: 0,
    last_reset_at: null,
    snapshot_count: 0,
    service_count: 0,
    running_service_count: 0,
    disk_bytes: 2048,
    memory_bytes: 0,
    recovered_at: null,
    last_error: null,
    ...own,
  };
}

export function makeExecResult(own: Partial<ResultOf<"workspace_exec">> = {}): ResultOf<"workspace_exec"> {
  return {
    workspace_id: WORKSPACE_ID,
    sequence: 3,
    environment: "debian:12",
    environment_version: "1",
    cwd: "/workspace",
    command: "make",
    stdout: "guest's own",
    stderr: "",
    stdout_truncated: false,
    stderr_truncated: false,
    stdout_bytes: 11,
    stderr_bytes: 0,
    exit_code: 0,
    timed_out: false,
    timeout_seconds: 30,
    signal: null,
    duration_ms: 12.6,
    execution_mode: "guest",
    ...own,
  };
}

type LogEntry = ResultOf<"workspace_logs">["entries"][number];

export function makeLogEntry(own: Partial<LogEntry> = {}): LogEntry {
  return {
    sequence: 1,
    command: "make test",
    cwd: "/workspace",
    exit_code: 2,
    timed_out: false,
    signal: null,
    duration_ms: 7,
    execution_mode: "guest",
    recorded_at: 0,
    stdout: "",
    stderr: "",
    stdout_truncated: false,
    stderr_truncated: false,
    stdout_bytes: 0,
    stderr_bytes: 0,
    ...own,
  };
}

export function makeDiff(own: Partial<ResultOf<"workspace_diff">> = {}): ResultOf<"workspace_diff"> {
  return {
    workspace_id: WORKSPACE_ID,
    changed: true,
    summary: {
      total: 1,
      added: 0,
      modified: 1,
      deleted: 0,
      type_changed: 0,
      mode_changed: 0,
      text_patched: 1,
      non_text: 0,
    },
    entries: [makeChange()],
    ignored: [],
    patch: "diff --git a/a.txt b/a.txt\n\u001b[31m\n",
    patch_truncated: false,
    patch_redacted: false,
    ...own,
  };
}

type Change = ResultOf<"workspace_diff">["entries"][number];

export function makeChange(own: Partial<Change> = {}): Change {
  return {
    path: "a.txt",
    status: "modified",
    artifact_type: "file",
    old_size_bytes: 1,
    size_bytes: 2,
    old_mode: "0644",
    mode: "0644",
    in_patch: true,
    ...own,
  };
}
