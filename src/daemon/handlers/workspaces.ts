// The operations on workspaces as wholes.

import type { OnEvent } from "../../contract/events.js";
import { BASELINE, WORKSPACE_PATH } from "../../contract/limits.js";
import type { FreezeProgress } from "../../seed/seed-store.js";
import type { ResultOf } from "../../operations/registry.js";
import { measureDisk } from "../../workspace/measure-disk.js";
import { findSnapshot } from "../../workspace/snapshots.js";
import type { Handler } from "../handler.js";
import type { Services } from "../services.js";
import { requestOrigin } from "./request-origin.js";
import { expiresAt, formatWorkspace } from "./workspace-record.js";

export const createWorkspace: Handler<"workspace_create"> = async (services, input, context) => {
  const workspace = await services.workspaces.create(
    {
      origin: await requestOrigin(services, input, context),
      seedPath: input.seed_path,
      name: input.name,
      labels: input.labels,
      vcpuCount: input.vcpu_count,
      memMib: input.mem_mib,
      ttlSeconds: input.ttl_seconds,
      allowHostCompat: input.allow_host_compat,
      networkPolicy: input.network_policy,
      secrets: input.secrets.map(({ name, value, file_path: filePath }) => ({ name, value, filePath })),
    },
    { signal: context.signal, onProgress: tellFreeze(context.onEvent) },
  );
  return formatWorkspace(services, workspace);
};

export const listWorkspaces: Handler<"workspace_list"> = async (services) => {
  const { workspaces, workspaceParts } = services;
  const sound = await Promise.all(
    workspaces.list().map(async (workspace) => {
      const { record, history, lastActivityAt, death } = workspace;
      return {
        workspace_id: workspace.id,
        name: record.name ?? null,
        labels: record.labels,
        environment: record.environment.name,
        state: record.state,
        created_at: record.createdAt,
        last_activity_at: lastActivityAt,
        expires_at: expiresAt(workspace),
        command_count: history.commandCount,
        service_count: history.services.list().length,
        running_service_count: history.services.runningCount,
        disk_bytes: await measureDisk(workspaceParts, workspace),
        problem: death ? `${death.message}; it comes back at its next use` : null,
      };
    }),
  );
  const all = [...sound, ...workspaces.listDamaged().map(formatDamaged)].sort(byActivity);
  return { count: all.length, workspaces: all };
};

export const updateWorkspace: Handler<"workspace_update"> = async (services, input) => {
  const workspace = await services.workspaces.update(input.workspace_id, {
    name: input.name,
    clearName: input.clear_name,
    labels: input.labels,
    clearLabels: input.clear_labels,
  });
  return formatWorkspace(services, workspace);
};

export const statusWorkspace: Handler<"workspace_status"> = (services, input) =>
  formatWorkspace(services, services.workspaces.get(input.workspace_id));

export const stopWorkspace: Handler<"workspace_stop"> = async (services, input, { signal }) => {
  const workspace = services.workspaces.get(input.workspace_id);
  await workspace.stop(signal);
  return formatWorkspace(services, workspace);
};

export const startWorkspace: Handler<"workspace_start"> = async (services, input, { signal }) => {
  const workspace = services.workspaces.get(input.workspace_id);
  await workspace.start(signal);
  return formatWorkspace(services, workspace);
};

export const deleteWorkspace: Handler<"workspace_delete"> = async ({ workspaces }, input) => ({
  workspace_id: await workspaces.delete(input.workspace_id),
  deleted: true,
  reason: "explicit_delete",
});

export const resetWorkspace: Handler<"workspace_reset"> = async (services, input, { signal }) => {
  const workspace = services.workspaces.get(input.workspace_id);
  await workspace.reset(input.snapshot, signal);
  const { seed } = workspace.record;
  const isBaseline = input.snapshot === BASELINE;
  return {
    ...(await formatWorkspace(services, workspace)),
    workspace_reset: {
      snapshot_name: input.snapshot,
      kind: isBaseline ? "baseline" : "named",
      destination: WORKSPACE_PATH,
      entry_count: isBaseline ? seed.entryCount : null,
      bytes_written: isBaseline
        ? seed.contentBytes
        : findSnapshot(workspace.record, input.snapshot).sizeBytes,
    },
  };
};

/** A freeze's progress as status lines: `[seed] phase=…`. */
function tellFreeze(onEvent: OnEvent): (progress: FreezeProgress) => void | Promise<void> {
  return ({ phase, ...done }) =>
    onEvent({ type: "progress", tag: "seed", fields: { phase }, ...(done.current > 0 && { done }) });
}

type Listed = ResultOf<"workspace_list">["workspaces"][number];

function formatDamaged({ id, problem }: ReturnType<Services["workspaces"]["listDamaged"]>[number]): Listed {
  return {
    workspace_id: id,
    name: null,
    labels: {},
    environment: "",
    state: "stopped",
    created_at: 0,
    last_activity_at: 0,
    expires_at: 0,
    command_count: 0,
    service_count: 0,
    running_service_count: 0,
    disk_bytes: 0,
    problem,
  };
}

/** The latest activity first, then the latest creation, then the id. */
function byActivity(left: Listed, right: Listed): number {
  return (
    right.last_activity_at - left.last_activity_at ||
    right.created_at - left.created_at ||
    (left.workspace_id < right.workspace_id ? -1 : 1)
  );
}
