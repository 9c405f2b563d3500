// Input and result fields that several operations share.

import { z } from "zod";
import { DEFAULT_ENVIRONMENT, MEM_MIB, TIMEOUT_SECONDS, TTL_SECONDS, VCPU_COUNT } from "./limits.js";

/** Longest command line that is passed on, bytes of all arguments together; Linux allows about 2 MiB. */
const COMMAND_MAX = 1024 * 1024;

/** A whole number with a default, whose range the description tells. */
export function bounded(limits: { min: number; max: number; default: number }, unit: string) {
  const range = `a whole number from ${limits.min} to ${limits.max} is needed`;
  return z
    .int(range)
    .min(limits.min, range)
    .max(limits.max, range)
    .default(limits.default)
    .describe(`${unit}, ${limits.min} to ${limits.max}`);
}

/** Longest name of an environment, which may be a directory's. */
const ENVIRONMENT_MAX = 4096;
const ENVIRONMENT =
  "Name of an environment (see `pyro env list`), or an image: docker.io/library/python:3.12, or oci:DIRECTORY";

export const inputFields = {
  environment: z.string().min(1).max(ENVIRONMENT_MAX).describe(ENVIRONMENT),
  environmentOrDefault: z
    .string()
    .min(1)
    .max(ENVIRONMENT_MAX)
    .default(DEFAULT_ENVIRONMENT)
    .describe(ENVIRONMENT),
  command: z
    .union([
      z.string().min(1).max(COMMAND_MAX),
      z
        .array(z.string().max(COMMAND_MAX))
        .min(1)
        .refine(([program]) => program !== "", "names no program: its first word is empty"),
    ])
    .describe("One string, run by the guest's shell; or the argument vector, executed as it is"),
  vcpuCount: bounded(VCPU_COUNT, "Virtual CPUs"),
  memMib: bounded(MEM_MIB, "Memory of the guest in MiB"),
  timeoutSeconds: bounded(TIMEOUT_SECONDS, "Seconds until the command is killed"),
  ttlSeconds: bounded(TTL_SECONDS, "Seconds until the guest is removed"),
  network: z
    .boolean()
    .default(false)
    .describe("Let the guest make connections to the internet, not to the host or private ranges"),
  allowHostCompat: z
    .boolean()
    .default(false)
    .describe("When no guest can start, run in a directory on the host, without isolation"),
} as const;

export const engineLabel = z
  .object({
    name: z.string().describe("`gvisor`; `host_compat` for a command on the host"),
    platform: z.string().describe("How the engine runs code, such as `systrap` or `kvm`"),
    security_boundary: z.boolean().describe("False: the command ran on the host's kernel without isolation"),
  })
  .describe("What ran the guest");

export const executionMode = z
  .enum(["guest", "host_compat"])
  .describe("`guest`: in an isolated guest; `host_compat`: on the host, without isolation");

/** What came of one command. Text that is not UTF-8 is replaced; long output keeps its head and its tail. */
export const commandResult = {
  command: z.string().describe("As a shell would read it"),
  stdout: z.string().describe("What is not UTF-8 is replaced; of more than 1 MiB head and tail are kept"),
  stderr: z.string().describe("The same for stderr"),
  stdout_truncated: z.boolean().describe("A part of stdout was left out"),
  stderr_truncated: z.boolean().describe("A part of stderr was left out"),
  exit_code: z.int().describe("As a shell reports it; 124 after a timeout"),
  timed_out: z.boolean().describe("The command was killed at its limit"),
  timeout_seconds: z.int().describe("The limit that the command had, seconds"),
  signal: z.string().nullable().describe("Name of the signal that ended the command; null when none did"),
  duration_ms: z.number().describe("Time that the command took, milliseconds"),
  execution_mode: executionMode,
} as const;
