// `workspace service start|list|status|stop|logs`.

import type { ResultOf } from "../../../operations/registry.js";
import { indent, labelLines, shorten, statusLine } from "../lines.js";
import type { Rendering } from "../rendering.js";
import { formatTime } from "../sizes.js";

type Service = ResultOf<"service_list">["services"][number];

const COMMAND_MAX = 200;

export function renderServiceStart(result: ResultOf<"service_start">): Rendering {
  const { log_tail: tail } = result;
  const log = tail ? tail.stdout + tail.stderr : "";
  // Indented: what a service wrote cannot pass for a line of ours.
  return { stderr: indent(log) + serviceLine("service-start", result) };
}

export function renderServiceStop(result: ResultOf<"service_stop">): Rendering {
  return { stderr: serviceLine("service-stop", result) };
}

export function renderServiceList({ services }: ResultOf<"service_list">): Rendering {
  if (services.length === 0) return { stdout: "No services.\n" };
  return { stdout: services.map((service) => line("service", facts(service))).join("") };
}

export function renderServiceStatus(service: ResultOf<"service_status">): Rendering {
  const { readiness } = service;
  return {
    stdout: labelLines([
      ["Service", service.service_name],
      ["Workspace ID", service.workspace_id],
      ["State", service.state],
      ["Stop reason", service.stop_reason],
      ["Problem", service.problem],
      ["Exit code", service.exit_code],
      ["PID", service.pid],
      ["Command", shorten(service.command, COMMAND_MAX)],
      ["Directory", service.cwd],
      ["Readiness", readiness.target === null ? null : `${readiness.type} ${readiness.target}`],
      ["Published", formatPorts(service)],
      ["Started", formatTime(service.started_at)],
      ["Ready", service.ready_at === null ? null : formatTime(service.ready_at)],
      ["Ended", service.ended_at === null ? null : formatTime(service.ended_at)],
      ["Execution mode", service.execution_mode],
    ]),
  };
}

/** A log that is followed has been shown already, while it came. */
export function renderServiceLogs(result: ResultOf<"service_logs">): Rendering {
  const { workspace_id, tail_lines, truncated } = result;
  const values = { workspace_id, ...facts(result), tail_lines, truncated };
  return { content: result.stdout, stderr: result.stderr + line("service-logs", values) };
}

function serviceLine(tag: string, service: Service & { readonly workspace_id: string }): string {
  return line(tag, { workspace_id: service.workspace_id, ...facts(service) });
}

const line = (tag: string, values: Parameters<typeof statusLine>[1]) =>
  statusLine(`workspace-${tag}`, values);

function facts(service: Service) {
  return {
    service_name: service.service_name,
    state: service.state,
    stop_reason: service.stop_reason,
    exit_code: service.exit_code,
    pid: service.pid,
    published: formatPorts(service),
    problem: service.problem,
    execution_mode: service.execution_mode,
  };
}

function formatPorts({ published_ports: ports }: Service): string {
  return ports.map((port) => `${port.host}:${port.host_port}->${port.guest_port}`).join(",");
}
