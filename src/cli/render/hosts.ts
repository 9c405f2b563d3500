// What the `host` commands show, for people and as documents.

import type { ConnectOutcome } from "../../hosts/connect.js";
import type { HostsReport } from "../../hosts/doctor.js";
import type { HostState } from "../../hosts/examine-host.js";
import type { AgentHost } from "../../hosts/agent-host.js";
import type { WrittenConfig } from "../../hosts/opencode-file.js";
import type { ServerProbe } from "../../hosts/probe-server.js";
import type { HostProjects } from "../host-projects.js";
import type { ProjectSourceFacts } from "../project-source.js";
import type { Rendering } from "./rendering.js";

export function connectDocument(host: AgentHost, outcome: ConnectOutcome): unknown {
  const { program, version = null, changed, entry, notes } = outcome;
  const { command, args = entry.argumentLine.split(" "), env, location } = entry;
  return { host: host.id, program, version, changed, location, command: [command, ...args], env, notes };
}

export function renderConnect(host: AgentHost, { changed, entry, notes }: ConnectOutcome): Rendering {
  if (!changed) return { stdout: `${host.title} is connected already (${entry.location}): nothing to do\n` };
  const beside = [...notes, "an open session does not see it: start a new one"];
  return {
    stdout: `Connected ${host.title} (${entry.location}): ${entry.command} ${entry.argumentLine}\n`,
    stderr: beside.map((note) => `note: ${note}\n`).join(""),
  };
}

export function reportDocument(
  { server, probe, hosts, healthy }: HostsReport,
  projects: HostProjects,
): unknown {
  const { command, args, env } = server;
  return {
    healthy: healthy && projects.healthy,
    server: {
      command: [command, ...args],
      env,
      ...probeDocument(probe),
      project_source: projects.server,
    },
    hosts: hosts.map((state) => ({
      host: state.id,
      installed: state.installed !== undefined,
      program: state.installed?.program ?? null,
      version: state.installed?.version ?? null,
      configured: state.entry !== undefined,
      location: state.entry?.location ?? null,
      drifted: state.differences.length > 0,
      differences: state.differences,
      reachable: state.probe?.reachable ?? null,
      tool_count: state.probe?.toolNames.length ?? null,
      project_source: projects.hosts.get(state.id) ?? null,
      host_status: state.entry?.status ?? null,
      problem: state.problem ?? state.probe?.problem ?? null,
      hint: state.hint ?? null,
      healthy: state.healthy,
    })),
  };
}

function probeDocument({ reachable, server, toolNames, durationMs, problem }: ServerProbe): object {
  return {
    reachable,
    name: server?.name ?? null,
    version: server?.version ?? null,
    tools: toolNames,
    duration_ms: durationMs,
    problem: problem ?? null,
  };
}

export function renderReport({ server, probe, hosts }: HostsReport, projects: HostProjects): Rendering {
  const name = probe.server ? `${probe.server.name} ${probe.server.version}, ` : "";
  const lines = [
    `Server: ${[server.command, ...server.args].join(" ")}`,
    probe.problem === undefined
      ? `Reachable: yes (${name}${probe.toolNames.length} tools in ${probe.durationMs} ms)`
      : `Reachable: no, ${probe.problem}`,
    ...formatProject("Project: ", projects.server),
    ...hosts.flatMap((host) => formatHost(host, projects.hosts.get(host.id))),
  ];
  return { stdout: `${lines.join("\n")}\n` };
}

function formatProject(label: string, { description, problem }: ProjectSourceFacts): string[] {
  const cure = problem ? [`- ${problem.message}`, `  hint: ${problem.hint}`] : [];
  return [`${label}${description}`, ...cure];
}

function formatHost(
  { title, installed, entry, differences, probe, problem, hint }: HostState,
  project: ProjectSourceFacts | undefined,
): string[] {
  if (!installed) return [`${title}: installed=no`];
  const facts = [
    `installed=yes version=${installed.version ?? "unknown"}`,
    problem === undefined ? `configured=${entry ? `yes (${entry.location})` : "no"}` : "configured=unknown",
    ...(entry ? [`drifted=${differences.length > 0 ? "yes" : "no"}`] : []),
    ...(probe ? [`reachable=${probe.reachable ? "yes" : "no"}`] : []),
  ];
  const details = [
    ...(problem === undefined ? [] : [problem]),
    ...differences,
    ...(probe?.problem === undefined ? [] : [`its server: ${probe.problem}`]),
    ...(entry?.status === undefined ? [] : [`${title} says of it: ${entry.status}`]),
  ];
  return [
    `${title}: ${facts.join(" ")}`,
    ...details.map((detail) => `- ${detail}`),
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
    ...(project ? formatProject("- project: ", project) : []),
  ];
}

export function renderWritten({ file, changed, backup }: WrittenConfig): Rendering {
  return {
    stdout: `${changed ? "Wrote" : "Nothing to do in"} ${file}\n`,
    ...(backup !== undefined && { stderr: `note: what was there is no configuration; it is in ${backup}\n` }),
  };
}
