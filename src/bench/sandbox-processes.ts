// The host processes of one guest, and what they take: memory and processor time.
//
// A sandbox is a Sentry and a gofer, whose command lines name the machine, and the stub processes below the Sentry.

import { readdir, readFile } from "node:fs/promises";
import { isSystemError } from "../contract/errors.js";
import { ScenarioSkipped } from "./scenario.js";

export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: string;
}

/** Pids of all processes of the machine: those that name it, and whatever descends from them. */
export function selectMachine(processes: readonly ProcessEntry[], machineId: string): number[] {
  const members = new Set(
    processes.filter(({ commandLine }) => commandLine.includes(machineId)).map(({ pid }) => pid),
  );
  for (let before = -1; members.size > before;) {
    before = members.size;
    for (const { pid, parentPid } of processes) if (members.has(parentPid)) members.add(pid);
  }
  return [...members];
}

export async function listProcesses(): Promise<ProcessEntry[]> {
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [stat, commandLine] = await Promise.all([readOf(pid, "stat"), readOf(pid, "cmdline")]);
      const parentPid = Number(statFields(stat)[1]);
      return { pid, parentPid, commandLine };
    }),
  );
  return found.filter(({ parentPid }) => Number.isInteger(parentPid));
}

/** Bytes of memory of the processes; a page that several processes share counts in parts: smaps_rollup of proc(5). */
export async function readProportionalMemory(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(pids.map(async (pid) => parsePss(await readOf(pid, "smaps_rollup"))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Bytes; 0 for a process that is gone or has no memory. */
export function parsePss(rollup: string): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
}

/**
 * Seconds of processor time that the threads of these processes have used since they started. Not from utime and
 * stime, whose unit of 10 ms is more than an idle process uses in seconds.
 */
export async function readCpuSeconds(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(
    pids.map(async (pid) => {
      const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
      return Promise.all(
        threads.map(async (thread) => parseCpuSeconds(await readOf(pid, `task/${thread}/schedstat`))),
      );
    }),
  );
  return times.flat().reduce((sum, seconds) => sum + seconds, 0);
}

/** The first field of schedstat is nanoseconds on a processor: Documentation/scheduler/sched-stats of Linux. */
export function parseCpuSeconds(schedstat: string): number {
  return Number(schedstat.split(" ")[0] ?? 0) / 1e9;
}

/** The fields from the third on: the name before them may hold spaces and parentheses itself. */
function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

async function readOf(pid: number, name: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${name}`, "utf8");
  } catch (error) {
    if (isSystemError(error, "EACCES", "EPERM"))
      throw new ScenarioSkipped(`this user may not read /proc/PID/${name} of its guests' processes`);
    // It has ended in between.
    return "";
  }
}
