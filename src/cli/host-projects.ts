// What the servers of a report of `host doctor` would start workspaces from.

import type { HostId } from "../hosts/agent-host.js";
import type { HostsReport } from "../hosts/doctor.js";
import { findProjectSource, type ProjectSourceFacts } from "./project-source.js";

export interface HostProjects {
  /** Of the server that the report is about. */
  readonly server: ProjectSourceFacts;
  /** Of each connected host's own. */
  readonly hosts: ReadonlyMap<HostId, ProjectSourceFacts>;
  readonly healthy: boolean;
}

export async function findHostProjects({ options, hosts }: HostsReport): Promise<HostProjects> {
  const server = await findProjectSource(options);
  const found = new Map<HostId, ProjectSourceFacts>();
  for (const host of hosts) {
    if (host.options) found.set(host.id, await findProjectSource(host.options));
  }
  const healthy = [server, ...found.values()].every(({ problem }) => !problem);
  return { server, hosts: found, healthy };
}
