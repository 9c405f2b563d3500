// `run`: one command in a fresh guest, then the guest is gone.

import { z } from "zod";
import { commandResult, engineLabel, inputFields } from "../contract/fields.js";
import { WORK_IN_VM } from "./effects.js";
import { defineOperation } from "./operation.js";

export const vmRun = defineOperation({
  id: "vm_run",
  summary: "Run one command in a fresh guest",
  description:
    "Starts a fresh isolated Linux guest, runs one command in it, returns its output and exit status, and removes the guest. " +
    "Nothing of the host is visible inside. A non-zero exit is a result, not an error.",
  effect: WORK_IN_VM,
  input: z.strictObject({
    environment: inputFields.environmentOrDefault,
    command: inputFields.command
      .optional()
      .describe(
        "One string, for the guest's shell, or the argument vector; absent: what an image runs by itself",
      ),
    vcpu_count: inputFields.vcpuCount,
    mem_mib: inputFields.memMib,
    timeout_seconds: inputFields.timeoutSeconds,
    ttl_seconds: inputFields.ttlSeconds,
    network: inputFields.network,
    allow_host_compat: inputFields.allowHostCompat,
  }),
  output: z.object({
    vm_id: z.string().describe("Id of the guest, which is gone"),
    environment: z.string(),
    environment_version: z.string(),
    ...commandResult,
    engine: engineLabel,
    cleanup: z
      .object({ vm_id: z.string(), deleted: z.boolean(), reason: z.string() })
      .describe("That the guest was removed, and why"),
  }),
  stdin: true,
  cli: {
    words: ["run"],
    positionals: ["environment"],
    argvField: "command",
    guestStatus: true,
    examples: [
      "pyro run debian:12 -- git --version",
      "pyro run docker.io/library/python:3.12-slim -- python -V",
      "pyro run debian:12 --timeout-seconds 120 -- sh -lc 'python3 -c \"print(6 * 7)\"'",
      "tar c . | pyro run debian:12 -- sh -c 'cd /workspace && tar x && ls'",
    ],
  },
});
