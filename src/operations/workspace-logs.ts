// `workspace logs`: the commands of a workspace with their output.

import { z } from "zod";
import { bounded } from "../contract/fields.js";
import { READ_MAX_BYTES } from "../contract/limits.js";
import { defineOperation } from "./operation.js";
import { commandRecord, workspaceIdInput } from "./workspace-fields.js";

/** One command with its output. */
export const logEntry = commandRecord.extend({
  timed_out: z.boolean(),
  signal: z.string().nullable(),
  recorded_at: z.number().describe("When it ended: Unix time, seconds"),
  stdout: z.string(),
  stderr: z.string(),
  stdout_truncated: z.boolean().describe("There is more than what is here"),
  stderr_truncated: z.boolean(),
  stdout_bytes: z.number().describe("All that the command wrote, bytes"),
  stderr_bytes: z.number(),
});

export const workspaceLogs = defineOperation({
  id: "workspace_logs",
  summary: "Show a workspace's commands and their output",
  description:
    "Shows every command since the last reset with its output, oldest first. Output is kept whole: " +
    "with `sequence` and `stream`, `offset` and `max_bytes` read any piece of it.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    sequence: z.int().min(1).optional().describe("Only the command with this number"),
    stream: z.enum(["stdout", "stderr"]).optional().describe("Only this stream of it"),
    offset: z.int().min(0).default(0).describe("Where to begin in each stream, bytes"),
    max_bytes: bounded(READ_MAX_BYTES, "Bytes of each stream"),
    limit: z.int().min(1).optional().describe("Only this many of the latest commands"),
  }),
  output: z.object({
    workspace_id: z.string(),
    count: z.int().describe("Commands since the last reset"),
    entries: z.array(logEntry),
    next_offset: z
      .number()
      .nullable()
      .describe("With `sequence` and `stream`: where the next piece begins; null at the end"),
  }),
  cli: {
    words: ["workspace", "logs"],
    positionals: ["workspace_id"],
    examples: [
      "pyro workspace logs fix-parser",
      "pyro workspace logs fix-parser --sequence 3 --stream stdout --offset 65536",
    ],
  },
});
