// The operations on services of workspaces.

import type { ResultOf } from "../../operations/registry.js";
import { PUBLISH_HOST } from "../../workspace/services/host-ports.js";
import { getService } from "../../workspace/services/live-services.js";
import { followServiceLog, readServiceLog } from "../../workspace/services/read-service-log.js";
import type { ServiceRecord } from "../../workspace/services/service-record.js";
import { startService as start } from "../../workspace/services/start-service.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { Handler } from "../handler.js";
import { executionModeOf, untoldRecovery } from "./workspace-record.js";

type ServiceEntry = ResultOf<"service_list">["services"][number];

/** Of a service that has failed. */
const FAILURE_TAIL_LINES = 20;

export const startService: Handler<"service_start"> = async ({ workspaces }, input, context) => {
  const workspace = workspaces.get(input.workspace_id);
  const { signal, onEvent } = context;
  const tell = (phase: string) =>
    onEvent({ type: "progress", tag: "service", fields: { phase, service_name: input.service_name } });
  await tell("start");
  const record = await start(
    workspace,
    {
      name: input.service_name,
      command: input.command,
      cwd: input.cwd,
      ready: {
        file: input.ready_file,
        tcp: input.ready_tcp,
        http: input.ready_http,
        command: input.ready_command,
      },
      secretEnv: input.secret_env,
      readyTimeoutSeconds: input.ready_timeout_seconds,
      readyIntervalMs: input.ready_interval_ms,
      ports: input.published_ports.map((port) => ({ guestPort: port.guest_port, hostPort: port.host_port })),
    },
    { signal, onStarted: () => void tell("get_ready") },
  );
  const result = {
    workspace_id: workspace.id,
    ...formatService(workspace, record),
    ...untoldRecovery(workspace),
  };
  if (record.state !== "failed") return result;
  const log = await readServiceLog(workspace, record.name, { tailLines: FAILURE_TAIL_LINES }, signal);
  return {
    ...result,
    log_tail: { stdout: log.stdout.toString("utf8"), stderr: log.stderr.toString("utf8") },
  };
};

export const listServices: Handler<"service_list"> = ({ workspaces }, input) => {
  const workspace = workspaces.get(input.workspace_id);
  const { services } = workspace.history;
  const entries = services.list().map((record) => formatService(workspace, record));
  return Promise.resolve({
    workspace_id: workspace.id,
    count: entries.length,
    running_count: services.runningCount,
    services: entries,
  });
};

export const statusService: Handler<"service_status"> = ({ workspaces }, input) => {
  const workspace = workspaces.get(input.workspace_id);
  const record = getService(workspace.history.services, input.service_name);
  return Promise.resolve({ workspace_id: workspace.id, ...formatService(workspace, record) });
};

export const stopService: Handler<"service_stop"> = async ({ workspaces }, input, { signal }) => {
  const workspace = workspaces.get(input.workspace_id);
  const name = input.service_name;
  // Without a guest there is nothing to stop, and none is started for it.
  const isRunning = getService(workspace.history.services, name).state === "running";
  if (isRunning) {
    await workspace.use(signal, (hold, both) => hold.services.stop(name, "explicit_stop", both));
  }
  return {
    workspace_id: workspace.id,
    ...formatService(workspace, getService(workspace.history.services, name)),
  };
};

export const logsService: Handler<"service_logs"> = async ({ workspaces }, input, { signal, onEvent }) => {
  const workspace = workspaces.get(input.workspace_id);
  const name = input.service_name;
  const tailLines = input.all ? undefined : input.tail_lines;
  if (input.follow) {
    await followServiceLog(workspace, name, { tailLines }, (type, data) => onEvent({ type, data }), signal);
  }
  const log = await readServiceLog(workspace, name, { tailLines }, signal);
  return {
    workspace_id: workspace.id,
    ...formatService(workspace, getService(workspace.history.services, name)),
    stdout: input.follow ? "" : log.stdout.toString("utf8"),
    stderr: input.follow ? "" : log.stderr.toString("utf8"),
    tail_lines: tailLines ?? null,
    truncated: log.stdoutTruncated || log.stderrTruncated,
  };
};

function formatService({ record }: Workspace, service: ServiceRecord): ServiceEntry {
  const { readiness } = service;
  return {
    service_name: service.name,
    state: service.state,
    command: service.command,
    cwd: service.cwd,
    started_at: service.startedAt,
    ended_at: service.endedAt ?? null,
    exit_code: service.exitCode ?? null,
    pid: service.pid ?? null,
    readiness: {
      type: readiness.type,
      target: readiness.target,
      timeout_seconds: readiness.timeoutSeconds,
      interval_ms: readiness.intervalMs,
    },
    ready_at: service.readyAt ?? null,
    stop_reason: service.stopReason ?? null,
    problem: service.problem ?? null,
    published_ports: service.ports.map(({ guestPort, hostPort }) => ({
      host: PUBLISH_HOST,
      host_port: hostPort,
      guest_port: guestPort,
      protocol: "tcp",
    })),
    execution_mode: executionModeOf(record),
  };
}
