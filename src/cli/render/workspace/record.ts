// A workspace, label by label.

import type { ResultOf } from "../../../operations/registry.js";
import { labelLines, oneLine, shorten } from "../lines.js";
import type { Rendering } from "../rendering.js";
import { formatBytes, formatTime } from "../sizes.js";

type WorkspaceRecord = ResultOf<"workspace_status">;

const COMMAND_MAX = 200;

/** `title` says what was done: `Workspace`, `Started workspace`. */
export function renderRecord(title: string): (record: WorkspaceRecord) => Rendering {
  return (record) => ({ stdout: formatRecord(title, record) });
}

export function renderReset(result: ResultOf<"workspace_reset">): Rendering {
  const { snapshot_name: name, entry_count: count, bytes_written: bytes } = result.workspace_reset;
  const entries = count === null ? "" : `${count} entries, `;
  const lines = labelLines([["Reset to", `${name} (${entries}${formatBytes(bytes)})`]]);
  return { stdout: formatRecord("Reset workspace", result) + lines };
}

export function renderDeleted(result: ResultOf<"workspace_delete">): Rendering {
  return { stdout: labelLines([["Deleted workspace ID", result.workspace_id]]) };
}

function formatRecord(title: string, record: WorkspaceRecord): string {
  const seed = record.workspace_seed;
  return (
    labelLines([
      [`${title} ID`, record.workspace_id],
      ["Name", record.name],
      ["Labels", formatLabels(record.labels)],
      ["Environment", `${record.environment} (${record.environment_version})`],
      ["State", record.state],
      ["Execution mode", record.execution_mode],
      ["Engine", formatEngine(record.engine)],
      ["CPUs", record.vcpu_count],
      ["Memory", `${record.mem_mib} MiB`],
      ["Workspace path", record.workspace_path],
      ["Seed", formatSeed(seed)],
      ["Skipped", seed.skipped_count > 0 ? `${seed.skipped_count} of the seed's paths` : null],
    ]) +
    seed.skipped.map(({ path, reason }) => `  ${oneLine(path)}: ${oneLine(reason)}\n`).join("") +
    labelLines([
      ["Network policy", record.network_policy],
      ["Guest IP", record.guest_ip],
      ["Secrets", record.secrets.map(formatSecret).join(", ")],
      ["Created", formatTime(record.created_at)],
      ["Last activity", formatTime(record.last_activity_at)],
      ["Expires", formatTime(record.expires_at)],
      ["Commands", record.command_count],
      ["Last command", formatCommand(record.last_command)],
      ["Resets", formatResets(record)],
      ["Snapshots", record.snapshot_count],
      ["Services", formatServices(record)],
      ["Disk use", formatBytes(record.disk_bytes)],
      ["Memory use", record.memory_bytes > 0 ? formatBytes(record.memory_bytes) : null],
      ["Recovered", record.recovered_at === null ? null : formatTime(record.recovered_at)],
      ["Last error", record.last_error],
    ])
  );
}

export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

function formatEngine(engine: WorkspaceRecord["engine"]): string | null {
  if (!engine) return null;
  return `${engine.name} on ${engine.platform}${engine.security_boundary ? "" : ", WITHOUT ISOLATION"}`;
}

function formatSecret({ name, source_kind: kind, redacted }: WorkspaceRecord["secrets"][number]): string {
  return redacted ? `${name} (${kind})` : `${name} (${kind}, TOO SHORT TO BE REDACTED)`;
}

function formatSeed(seed: WorkspaceRecord["workspace_seed"]): string {
  if (seed.mode === "empty") return "none";
  const origin = seed.origin_ref ? `${seed.origin_kind} ${seed.origin_ref}` : seed.origin_kind;
  return `${seed.seed_path ?? ""} (${origin}, ${seed.entry_count} entries, ${formatBytes(seed.bytes_written)})`;
}

function formatCommand(last: WorkspaceRecord["last_command"]): string | null {
  if (!last) return null;
  const status = last.exit_code === null ? "interrupted" : `exit_code=${last.exit_code}`;
  return `${last.sequence}, ${status}, ${Math.round(last.duration_ms)} ms: ${shorten(last.command, COMMAND_MAX)}`;
}

function formatResets({ reset_count: count, last_reset_at: at }: WorkspaceRecord): string | null {
  return count === 0 || at === null ? null : `${count}, the last at ${formatTime(at)}`;
}

function formatServices({
  service_count: count,
  running_service_count: running,
}: WorkspaceRecord): string | null {
  return count === 0 ? null : `${running} of ${count} running`;
}
