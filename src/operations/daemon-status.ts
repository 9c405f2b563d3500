// `daemon status`: what the background process is doing.

import { z } from "zod";
import { defineOperation } from "./operation.js";

export const daemonStatus = defineOperation({
  id: "daemon_status",
  summary: "Show what the background process is doing",
  description:
    "Shows the daemon's process, its uptime and memory, the guests it owns and the calls it is serving.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({}),
  output: z.object({
    pid: z.int(),
    version: z.string(),
    started_at: z.number(),
    memory_bytes: z.number(),
    state_dir: z.string(),
    calls: z.array(z.object({ operation: z.string(), running_ms: z.number() })),
    guests: z.array(
      z.object({
        id: z.string().describe("A workspace or a one-shot guest"),
        machine_id: z.string(),
        environment: z.string(),
        started_at: z.number(),
        memory_bytes: z.number(),
      }),
    ),
    max_active_guests: z.int(),
    pool: z.object({
      enabled: z.boolean(),
      parked: z.array(
        z.object({
          machine_id: z.string(),
          rootfs: z.string(),
          vcpu_count: z.int(),
          mem_mib: z.int(),
          layer_id: z.string().nullable().describe("What its files are, over the environment"),
          memory_bytes: z.number(),
        }),
      ),
      hits: z.int(),
      misses: z.int(),
    }),
  }),
});
