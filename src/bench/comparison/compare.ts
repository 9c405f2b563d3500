// The same work in a guest and on the host, by turns.

import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { toPyroError } from "../../contract/errors.js";
import { VCPU_COUNT } from "../../contract/limits.js";
import { runProcess } from "../../platform/processes.js";
import { requireSuccess } from "../one-shot.js";
import type { ScenarioContext } from "../scenario.js";
import { median } from "../statistics.js";
import { parseWorkTimes, WORK_SCRIPT, type WorkTimes } from "./work-script.js";
import type { Workload } from "./workloads.js";

export type Comparison =
  | {
      readonly kind: "measured";
      readonly name: string;
      readonly title: string;
      readonly goal: number | undefined;
      readonly hostMs: number;
      readonly guestMs: number;
      /** Guest to host. */
      readonly ratio: number;
    }
  | {
      readonly kind: "skipped" | "failed";
      readonly name: string;
      readonly title: string;
      readonly reason: string;
    };

export interface CompareContext extends ScenarioContext {
  /** Processors of the host; the guest gets as many. */
  readonly cores: number;
}

const WORK_TIMEOUT_SECONDS = 600;
const GUEST_DIRECTORY = "/var/tmp/work";

export async function compareWork(
  workloads: readonly Workload[],
  context: CompareContext,
): Promise<Comparison[]> {
  if (workloads.length === 0) return [];
  const names = workloads.map(({ name }) => name);
  const host: WorkTimes[] = [];
  const guest: WorkTimes[] = [];
  try {
    for (let run = 1; run <= context.runs; run++) {
      await context.tell({ run: `${run}/${context.runs}`, on: "host" });
      host.push(await workOnHost(names, context));
      await context.tell({ run: `${run}/${context.runs}`, on: "guest" });
      guest.push(await workInGuest(names, context));
    }
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = toPyroError(error).message;
    return workloads.map(({ name, title }) => ({ kind: "failed", name, title, reason }));
  }
  return workloads.map((workload) => compare(workload, host, guest));
}

/** Medians of the runs, or what was missing. */
export function compare(
  { name, title, goal }: Workload,
  host: readonly WorkTimes[],
  guest: readonly WorkTimes[],
): Comparison {
  const skip = (where: string, times: readonly WorkTimes[]): Comparison | undefined => {
    const program = times.find(({ missing }) => missing.has(name))?.missing.get(name);
    return program === undefined
      ? undefined
      : { kind: "skipped", name, title, reason: `${where} has no ${program}` };
  };
  const skipped = skip("the guest", guest) ?? skip("the host", host);
  if (skipped) return skipped;
  const hostMs = medianOf(name, host);
  const guestMs = medianOf(name, guest);
  return { kind: "measured", name, title, goal, hostMs, guestMs, ratio: guestMs / hostMs };
}

function medianOf(name: string, times: readonly WorkTimes[]): number {
  return median(times.flatMap(({ durationsMs }) => durationsMs.get(name) ?? []));
}

// Beside the daemon's state, and so on the file system that guests write to.
async function workOnHost(names: readonly string[], context: CompareContext): Promise<WorkTimes> {
  const { client, installDir, signal } = context;
  const directory = await mkdtemp(path.join(client.settings.stateDir, "bench-"));
  try {
    const tree = path.join(installDir, "rootfs");
    const { exitCode, stdout, stderr } = await runProcess(
      ["sh", "-c", WORK_SCRIPT, "sh", directory, tree, ...names],
      { timeoutMs: WORK_TIMEOUT_SECONDS * 1000, signal },
    );
    if (exitCode !== 0) throw new Error(`the work ended with ${String(exitCode)} on the host: ${stderr}`);
    return parseWorkTimes(stdout);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function workInGuest(names: readonly string[], context: CompareContext): Promise<WorkTimes> {
  const { client, environment, cores, signal } = context;
  const input = {
    environment,
    command: ["sh", "-c", WORK_SCRIPT, "sh", GUEST_DIRECTORY, "", ...names],
    vcpu_count: Math.min(VCPU_COUNT.max, cores),
    timeout_seconds: WORK_TIMEOUT_SECONDS,
  };
  const result = await client.invoke("vm_run", input, { signal });
  requireSuccess(result);
  return parseWorkTimes(result.stdout);
}
