// A process is known by its pid and its start time: a pid alone may have been given to a stranger.

import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot, field 22 of /proc/PID/stat: proc(5). */
  readonly startTime: string;
}

/** The identity of a live process; undefined when it does not exist or is a zombie. */
export function findProcess(pid: number): Promise<ProcessIdentity | undefined> {
  return Promise.resolve(readIdentity(pid));
}

function readIdentity(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    // No disk is behind it: by way of the thread pool it takes five times as long.
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The command's name, in parentheses, may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  const startTime = fields[19];
  if (state === undefined || startTime === undefined || state === "Z" || state === "X") return undefined;
  return { pid, startTime };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const found = await findProcess(identity.pid);
  return found?.startTime === identity.startTime;
}

/** Sends a signal to exactly this process, if it still is there. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(identity))) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

/**
 * Waits until the process is gone. The kernel has no event for a process that is no child, short of a
 * pidfd, which Node cannot wait on: so this looks every few milliseconds, until `timeoutMs` at most or until
 * `signal` says that nobody wants to know any more.
 */
export async function waitForExit(
  identity: ProcessIdentity,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 2; await isAlive(identity); pauseMs = Math.min(pauseMs * 2, 50)) {
    if (performance.now() > deadline || signal?.aborted) return false;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return true;
}
