// The state of one host: installed, configured, drifted, and whether the server answers that it should start.

import { toPyroError } from "../contract/errors.js";
import type { ServeOptions } from "../contract/serve-options.js";
import type { AgentHost, HostContext, HostEntry, HostId } from "./agent-host.js";
import { listDifferences } from "./drift.js";
import { readEntryOptions } from "./entry-options.js";
import { findHostProgram, type HostProgram } from "./host-program.js";
import type { ServerProbe } from "./probe-server.js";
import { repairCommand } from "./repair-command.js";
import type { ServerCommand } from "./server-command.js";

export interface Expectation {
  /** What the entry should say; undefined leaves it its own choices. */
  readonly options: ServeOptions | undefined;
  readonly build: (options: ServeOptions) => ServerCommand;
  readonly probe: (command: ServerCommand) => Promise<ServerProbe>;
}

export interface HostState {
  readonly id: HostId;
  readonly title: string;
  readonly installed?: HostProgram;
  readonly entry?: HostEntry;
  /** What the server is told that the entry should start. */
  readonly options?: ServeOptions;
  /** How the entry differs from what it should be. */
  readonly differences: readonly string[];
  /** Of the server as the entry should start it. */
  readonly probe?: ServerProbe;
  /** Why the host could not be examined. */
  readonly problem?: string;
  /** What cures it. */
  readonly hint?: string;
  /** A host that is not installed or not connected is well. */
  readonly healthy: boolean;
}

const UNREACHABLE_HINT =
  "The entry is right and the server is not: run `pyro doctor`, or the server in a terminal.";

export async function examineHost(
  host: AgentHost,
  expectation: Expectation,
  context: HostContext,
): Promise<HostState> {
  const { id, title } = host;
  const state = { id, title, differences: [], healthy: true };
  const installed = await findHostProgram(host, context);
  if (!installed) return state;
  try {
    const entry = await host.readEntry(installed.program, context);
    if (!entry) return { ...state, installed, hint: `Connect it with \`${connectCommand(id)}\`.` };
    return { ...state, installed, entry, ...(await examineEntry(id, entry, expectation)) };
  } catch (thrown) {
    context.signal.throwIfAborted();
    const { message, hint } = toPyroError(thrown);
    return { ...state, installed, problem: message, hint, healthy: false };
  }
}

async function examineEntry(
  id: HostId,
  entry: HostEntry,
  { options, build, probe }: Expectation,
): Promise<Pick<HostState, "options" | "differences" | "probe" | "hint" | "healthy">> {
  const wanted = options ?? readEntryOptions(entry) ?? {};
  const command = build(wanted);
  const differences = listDifferences(entry, command);
  const answer = await probe({ ...command, env: { ...entry.env, ...command.env } });
  const state = { options: wanted, differences, probe: answer };
  if (differences.length > 0) {
    const cure = repairCommand(id, { options: wanted, place: {} });
    return { ...state, hint: `Make it canonical with \`${cure}\`.`, healthy: false };
  }
  if (!answer.reachable) return { ...state, hint: UNREACHABLE_HINT, healthy: false };
  return { ...state, healthy: true };
}

function connectCommand(id: HostId): string {
  return id === "opencode" ? "pyro host print-config opencode --output FILE" : `pyro host connect ${id}`;
}
