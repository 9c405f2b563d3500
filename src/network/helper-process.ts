// The process on the host that holds one guest's network stack: `pyro-helper network`.
//
// It is nobody's child and lives as long as the guest's connection to it: a killed daemon ends no connection of a
// guest's, and a guest that has ended leaves no process.

import { z } from "zod";
import { PyroError } from "../contract/errors.js";
import type { MachineId } from "../contract/ids.js";
import { findProcesses } from "../platform/find-processes.js";
import { launchDetached } from "../platform/launch-detached.js";
import { HOST_ENV } from "../platform/processes.js";
import { findProcess, type ProcessIdentity } from "../platform/process-identity.js";

/** One line of JSON on its stdin: nothing of it is in arguments or environment, which others of this host may read. */
export interface HelperInput {
  /** Where it listens for one connection. */
  readonly socket: string;
  /** 64 hexadecimal digits. */
  readonly token: string;
  /** The file that every connection is written to; "": none. */
  readonly record: string;
  /** Private ranges that are not forbidden. */
  readonly allow: readonly string[];
}

/** By which a helper is found among the processes of the host. */
export interface HelperLabel {
  readonly machineId: MachineId;
  /** Stands for all that the policy of the helper depends on. */
  readonly policy: string;
}

export interface StartedHelper {
  /** Undefined: it is gone already. */
  readonly process: ProcessIdentity | undefined;
  /** Whether the host has a way to IPv6. */
  readonly ipv6: boolean;
}

const Report = z.union([
  z.object({ ready: z.literal(true), pid: z.int(), ipv6: z.boolean().default(false) }),
  z.object({ error: z.string() }),
]);

/** It takes some milliseconds; a host under load has been seen to take a second. */
const START_TIMEOUT_MS = 15_000;

/** Returns when it listens. */
export async function startHelper(
  program: string,
  { machineId, policy }: HelperLabel,
  input: HelperInput,
  signal: AbortSignal,
): Promise<StartedHelper> {
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  const line = await launchDetached([program, "network", machineId, policy], {
    env: HOST_ENV,
    signal: AbortSignal.any([signal, deadline]),
    input: `${JSON.stringify(input)}\n`,
  });
  const report = parseReport(line);
  if ("error" in report) {
    throw new PyroError("network_unavailable", `the guest's network stack did not start: ${report.error}`);
  }
  return { process: await findProcess(report.pid), ipv6: report.ipv6 };
}

/** The helper that serves this machine under this policy; one of another policy is not it. */
export async function findHelper({ machineId, policy }: HelperLabel): Promise<ProcessIdentity | undefined> {
  const [found] = await findProcesses(
    (argv) => argv[1] === "network" && argv[2] === machineId && argv[3] === policy,
  );
  return found;
}

function parseReport(line: string): z.infer<typeof Report> {
  try {
    return Report.parse(JSON.parse(line));
  } catch {
    return { error: line === "" ? "it ended at once" : `it said ${JSON.stringify(line.slice(0, 200))}` };
  }
}
