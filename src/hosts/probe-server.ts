// Starts the MCP server as a host would, lists its tools, and ends it: does it answer?

import { runProcess, type RunResult } from "../platform/processes.js";
import type { HostContext } from "./agent-host.js";
import { McpDialogue } from "./mcp-dialogue.js";
import type { ServerCommand } from "./server-command.js";

export interface ServerProbe {
  readonly reachable: boolean;
  /** What the server calls itself; undefined when it did not get so far. */
  readonly server: { readonly name: string; readonly version: string } | undefined;
  readonly toolNames: readonly string[];
  /** From its start to its list of tools. */
  readonly durationMs: number;
  /** Why it is not reachable. */
  readonly problem: string | undefined;
}

/** A server should take less than one second. */
const TIMEOUT_MS = 10_000;
/** Characters of the end of a server's stderr, in the problem that it has. */
const WORDS_MAX = 400;
/** What the host that passes on least leaves of the environment, about. */
const PASSED_ON = ["HOME", "PATH", "LANG", "TERM", "USER"];

/** Rejects only when `context.signal` aborts: what the server does wrong is the answer. */
export async function probeServer(
  { command, args, env }: ServerCommand,
  context: HostContext,
  timeoutMs = TIMEOUT_MS,
): Promise<ServerProbe> {
  const startedMs = performance.now();
  const passedOn = Object.entries(context.env).filter(([name]) => PASSED_ON.includes(name));
  const dialogue = new McpDialogue();
  const run = runProcess([command, ...args], {
    env: { ...Object.fromEntries(passedOn), ...env },
    cwd: context.cwd,
    signal: context.signal,
    timeoutMs,
    stdin: dialogue.toServer,
    stdout: dialogue.fromServer,
  });
  const ending = await run.then(
    (result) => describeEnding(result, timeoutMs),
    (error: unknown) => {
      context.signal.throwIfAborted();
      return `it cannot be started: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
  const { endedMs = performance.now(), server, toolNames } = dialogue;
  // How it ended matters only when it had not answered.
  const problem = dialogue.problem ?? (dialogue.endedMs === undefined ? ending : undefined);
  const durationMs = Math.round(endedMs - startedMs);
  return { reachable: problem === undefined, server, toolNames, durationMs, problem };
}

function describeEnding({ exitCode, signal, timedOut, stderr }: RunResult, timeoutMs: number): string {
  if (timedOut) return `it did not list its tools within ${timeoutMs / 1000} s`;
  const words = stderr
    .trim()
    .split(/\s*\n\s*/)
    .join(" ")
    .slice(-WORDS_MAX);
  return `it ended (${signal ?? `exit status ${exitCode}`}) before it listed its tools${words && `: ${words}`}`;
}
