// The state of all hosts, and of the server that they are there for.

import type { ServeOptions } from "../contract/serve-options.js";
import type { AgentHost, HostContext } from "./agent-host.js";
import { examineHost, type Expectation, type HostState } from "./examine-host.js";
import { probeServer, type ServerProbe } from "./probe-server.js";
import type { ServerCommand } from "./server-command.js";

export interface HostsReport {
  readonly server: ServerCommand;
  /** What `server` is told. */
  readonly options: ServeOptions;
  readonly probe: ServerProbe;
  readonly hosts: readonly HostState[];
  /** The server answers, and every connected host is well. */
  readonly healthy: boolean;
}

/** Without `options` each entry keeps its own choices, and the server is tried without any. */
export async function examineHosts(
  hosts: readonly AgentHost[],
  { options, build }: Pick<Expectation, "options" | "build">,
  context: HostContext,
): Promise<HostsReport> {
  const ownOptions = options ?? NO_OPTIONS;
  const probe = shareProbes((command) => probeServer(command, context));
  const server = build(ownOptions);
  const [answer, ...states] = await Promise.all([
    probe(server),
    ...hosts.map((host) => examineHost(host, { options, build, probe }, context)),
  ]);
  const healthy = answer.reachable && states.every((state) => state.healthy);
  return { server, options: ownOptions, probe: answer, hosts: states, healthy };
}

const NO_OPTIONS: ServeOptions = {};

/** Hosts that would start the same command share one start of it. */
function shareProbes(probe: Expectation["probe"]): Expectation["probe"] {
  const started = new Map<string, Promise<ServerProbe>>();
  return (command) => {
    const key = JSON.stringify(command);
    const answer = started.get(key) ?? probe(command);
    started.set(key, answer);
    return answer;
  };
}
