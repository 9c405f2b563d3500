// A host's program: where it is, which version, and one run of it with a deadline.

import { stripVTControlCharacters } from "node:util";
import { PyroError } from "../contract/errors.js";
import { findProgram } from "../platform/find-program.js";
import { runProcess, type RunResult } from "../platform/processes.js";
import type { AgentHost, HostContext } from "./agent-host.js";

export interface HostProgram {
  /** Absolute path. */
  readonly program: string;
  /** Undefined when it did not say. */
  readonly version: string | undefined;
}

/** A host that checks the health of its servers waits up to half a minute for a broken one. */
const TIMEOUT_MS = 90_000;
/** Characters of a program's own words in an error. */
const WORDS_MAX = 400;

/** Finds a host's program on the user's PATH; undefined when there is none. */
export async function findHostProgram(
  host: AgentHost,
  context: HostContext,
): Promise<HostProgram | undefined> {
  const program = await findProgram(host.programName, context.env["PATH"]);
  if (program === undefined) return undefined;
  return { program, version: await readVersion(program, context) };
}

async function readVersion(program: string, context: HostContext): Promise<string | undefined> {
  try {
    const { stdout } = await runHostProgram(program, ["--version"], context);
    return /\d+\.\d+\.\S+/.exec(stdout)?.[0];
  } catch {
    context.signal.throwIfAborted();
    // One that cannot be run, or hangs, is found all the same: what it is asked next fails, and says why.
    return undefined;
  }
}

/** The program, or an error that says that it is missing. */
export async function requireHostProgram(host: AgentHost, context: HostContext): Promise<HostProgram> {
  const found = await findHostProgram(host, context);
  if (found) return found;
  throw new PyroError(
    "program_missing",
    `${host.title} is not installed: no program \`${host.programName}\` on PATH`,
    {
      hint: `Install ${host.title}, then run this again; \`pyro host doctor\` shows what is there.`,
      details: { program: host.programName },
    },
  );
}

/** Runs a host's program to its end. Its exit status is no proof of anything: some say 0 when they fail. */
export async function runHostProgram(
  program: string,
  args: readonly string[],
  { env, cwd, signal }: HostContext,
): Promise<RunResult> {
  const result = await runProcess([program, ...args], { env, cwd, signal, timeoutMs: TIMEOUT_MS });
  if (!result.timedOut) return result;
  throw new PyroError(
    "timeout",
    `\`${[program, ...args].join(" ")}\` did not end within ${TIMEOUT_MS / 1000} s`,
  );
}

/** The same for a run whose failure is one of the call, told by its exit status. */
export async function runHostProgramOrThrow(
  host: AgentHost,
  program: string,
  args: readonly string[],
  context: HostContext,
): Promise<void> {
  const result = await runHostProgram(program, args, context);
  if (result.exitCode !== 0) throw describeHostFailure(host, args, result);
}

/** The failure of a run, in the program's own words on one line. */
export function describeHostFailure(host: AgentHost, args: readonly string[], result: RunResult): PyroError {
  const lines = stripVTControlCharacters(`${result.stderr}\n${result.stdout}`)
    .split("\n")
    .map((line) => line.trim())
    // Codex warns of its own surroundings before it says what went wrong.
    .filter((line) => line !== "" && !line.startsWith("WARNING:"));
  const words = lines.join(" ").slice(0, WORDS_MAX) || `exit status ${result.exitCode}`;
  return new PyroError("host_unavailable", `\`${host.programName} ${args.join(" ")}\` failed: ${words}`, {
    hint: `Repair the configuration of ${host.title}: the message says what is wrong with it.`,
  });
}
