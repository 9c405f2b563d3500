// A workspace in the contract's words.

import { EXPIRED_KEPT_SECONDS, WORKSPACE_PATH } from "../../contract/limits.js";
import { GUEST_NETWORK, hasNetwork } from "../../contract/network.js";
import type { ResultOf } from "../../operations/registry.js";
import { measureDisk } from "../../workspace/measure-disk.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { Recovery, WorkspaceRecord } from "../../workspace/workspace-record.js";
import type { Services } from "../services.js";

type RecordResult = ResultOf<"workspace_status">;

/** Skipped paths that a record shows; the count tells of the others. */
const MAX_SKIPPED = 50;

export async function formatWorkspace(
  { workspaceParts }: Services,
  workspace: Workspace,
): Promise<RecordResult> {
  const { record, history, guest, death } = workspace;
  const { id, engine, environment } = record;
  const [diskBytes, memoryBytes] = await Promise.all([
    measureDisk(workspaceParts, workspace),
    guest?.machine.memoryBytes() ?? 0,
  ]);
  const recovery = workspace.takeRecovery();
  return {
    workspace_id: id,
    name: record.name ?? null,
    labels: record.labels,
    environment: environment.name,
    environment_version: environment.version,
    state: record.state,
    vcpu_count: record.vcpuCount,
    mem_mib: record.memMib,
    ttl_seconds: record.ttlSeconds,
    created_at: record.createdAt,
    last_activity_at: workspace.lastActivityAt,
    expires_at: expiresAt(workspace),
    workspace_path: WORKSPACE_PATH,
    workspace_seed: formatSeed(record),
    execution_mode: executionModeOf(record),
    engine: { name: engine.name, platform: engine.platform, security_boundary: engine.securityBoundary },
    allow_host_compat: record.allowHostCompat,
    network_policy: record.networkPolicy,
    network_enabled: hasNetwork(record.networkPolicy),
    guest_ip: hasNetwork(record.networkPolicy) ? GUEST_NETWORK.address : null,
    secrets: record.secrets.map(formatSecret),
    command_count: history.commandCount,
    last_command: formatLastCommand(workspace),
    reset_count: record.resetCount,
    last_reset_at: record.lastResetAt ?? null,
    snapshot_count: record.snapshots.length,
    service_count: history.services.list().length,
    running_service_count: history.services.runningCount,
    disk_bytes: diskBytes,
    memory_bytes: memoryBytes,
    recovered_at: record.recovery?.recoveredAt ?? null,
    last_error: death ? `${death.message}; it comes back at its next use` : null,
    ...(recovery && { recovery: formatRecovery(recovery) }),
  };
}

/** When it is stopped by itself; once stopped, when it is removed. Unix seconds. */
export function expiresAt({ record, lastActivityAt }: Workspace): number {
  const stopsAt = lastActivityAt + record.ttlSeconds;
  return record.state === "stopped" ? stopsAt + EXPIRED_KEPT_SECONDS : stopsAt;
}

export function executionModeOf({ engine }: WorkspaceRecord): RecordResult["execution_mode"] {
  return engine.securityBoundary ? "guest" : "host_compat";
}

function formatRecovery(recovery: Recovery): NonNullable<RecordResult["recovery"]> {
  return {
    recovered_at: recovery.recoveredAt,
    reason: recovery.reason,
    restored_at: recovery.restoredAt,
    missing_commands: recovery.missingCommands,
    missing_edit_count: recovery.missingEdits,
  };
}

/** For the answer of an operation: the recovery that it has brought about, if any. */
export function untoldRecovery(workspace: Workspace): Pick<RecordResult, "recovery"> {
  const recovery = workspace.takeRecovery();
  return recovery ? { recovery: formatRecovery(recovery) } : {};
}

function formatSeed({ seed }: WorkspaceRecord): RecordResult["workspace_seed"] {
  return {
    mode: seed.mode,
    seed_path: seed.path ?? null,
    origin_kind: seed.originKind,
    origin_ref: seed.originRef ?? null,
    destination: WORKSPACE_PATH,
    entry_count: seed.entryCount,
    bytes_written: seed.contentBytes,
    skipped: seed.skipped.slice(0, MAX_SKIPPED),
    skipped_count: seed.skippedCount,
  };
}

function formatSecret(secret: WorkspaceRecord["secrets"][number]): RecordResult["secrets"][number] {
  return { name: secret.name, source_kind: secret.sourceKind, redacted: secret.isRedacted };
}

function formatLastCommand({ record, history }: Workspace): RecordResult["last_command"] {
  const last = history.lastCommand;
  if (!last) return null;
  const { sequence, command, cwd, exitCode, durationMs } = last;
  return {
    sequence,
    command,
    cwd,
    exit_code: exitCode,
    duration_ms: durationMs,
    execution_mode: executionModeOf(record),
  };
}
