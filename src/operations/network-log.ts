// `workspace network`: the connections of a workspace, one by one.

import { z } from "zod";
import { bounded } from "../contract/fields.js";
import { defineOperation } from "./operation.js";
import { workspaceIdInput } from "./workspace-fields.js";

const LIMIT = { min: 1, max: 1000, default: 100 } as const;

export const connectionEntry = z.object({
  at: z.number().describe("When it began: Unix time, seconds"),
  protocol: z.string().describe("Such as `tcp`, `udp`, `dns`"),
  name: z.string().describe("What the guest had asked for; empty for a bare address"),
  address: z.string(),
  port: z.int(),
  bytes_sent: z.number(),
  bytes_received: z.number(),
  verdict: z.enum(["allowed", "refused", "failed"]).describe("`failed`: allowed, and did not come about"),
  reason: z.string().describe("Why it was refused or failed"),
  duration_ms: z.number().describe("Milliseconds"),
  open: z.boolean().describe("Not known to have ended: its bytes are not known either"),
  count: z.int().describe("How many this line stands for: of a flood more than one"),
});

/** Of a summary: what the connections of a workspace add up to. */
export const networkView = z.object({
  policy: z.string(),
  connections: z.object({ total: z.int(), allowed: z.int(), refused: z.int(), failed: z.int() }),
  lookups: z.int().describe("Questions to the name server"),
  bytes_sent: z.number(),
  bytes_received: z.number(),
  names: z
    .array(
      z.object({
        name: z.string(),
        connections: z.int(),
        bytes_sent: z.number(),
        bytes_received: z.number(),
      }),
    )
    .describe("What was reached, most connections first; the first of them"),
  name_count: z.int().describe("How many names or bare addresses were reached"),
  refused: z
    .array(
      z.object({
        name: z.string(),
        address: z.string(),
        port: z.int(),
        protocol: z.string(),
        reason: z.string(),
        connections: z.int(),
      }),
    )
    .describe("What was refused, most often first; the first of them"),
});

export const networkLog = defineOperation({
  id: "network_log",
  summary: "Show a workspace's connections",
  description:
    "Shows the connections that a workspace's guest has made or tried to make since the last reset: name, address, port, " +
    "bytes, and whether the policy allowed it. The record keeps the latest 4 to 8 MiB.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    verdict: z.enum(["allowed", "refused", "failed"]).optional().describe("Only connections that ended so"),
    offset: z
      .int()
      .min(0)
      .optional()
      .describe("Where to begin, from the oldest; without it the latest are shown"),
    limit: bounded(LIMIT, "Connections"),
  }),
  output: z.object({
    workspace_id: z.string(),
    network_policy: z.string(),
    count: z.int().describe("Connections in the record, of that verdict if one was given"),
    offset: z.int().describe("Place of the first one shown, from the oldest"),
    entries: z.array(connectionEntry).describe("Oldest first"),
    next_offset: z.int().nullable().describe("Where the next piece begins; null at the end"),
  }),
  cli: {
    words: ["workspace", "network"],
    positionals: ["workspace_id"],
    examples: [
      "pyro workspace network fix-parser",
      "pyro workspace network fix-parser --verdict refused --json",
    ],
  },
});
