// `workspace shell read`: what a shell has printed.

import { z } from "zod";
import { bounded } from "../contract/fields.js";
import { SHELL_IDLE_MS, SHELL_READ_MAX_CHARS } from "../contract/limits.js";
import { defineOperation } from "./operation.js";
import { shellInput, shellRecord } from "./shell-fields.js";

const IDLE_RANGE = `a whole number from ${SHELL_IDLE_MS.min} to ${SHELL_IDLE_MS.max} is needed`;

export const shellRead = defineOperation({
  id: "shell_read",
  summary: "Read what a shell has printed",
  description:
    "Reads a shell's output after `cursor`; the next read takes `next_cursor`. With `plain` it is drawn as on a screen, without escape sequences: " +
    "the lines that changed after `cursor`, or the whole screen while an editor, a pager or top has it. " +
    "`wait_for_idle_ms` waits until nothing has been printed for so long, the shell has ended, or 30 seconds have passed: after shell_write take 300 to 1000. " +
    "A command may go on in silence: look for the prompt. About the last million characters are kept.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    ...shellInput,
    cursor: z.int().min(0).default(0).describe("Where to begin, in characters since the shell was opened"),
    max_chars: bounded(SHELL_READ_MAX_CHARS, "Characters to read at most"),
    plain: z.boolean().default(false).describe("Drawn as on a screen, without escape sequences"),
    wait_for_idle_ms: z
      .int(IDLE_RANGE)
      .min(SHELL_IDLE_MS.min, IDLE_RANGE)
      .max(SHELL_IDLE_MS.max, IDLE_RANGE)
      .optional()
      .describe("Milliseconds of silence to wait for, 1 to 10000; absent: do not wait"),
  }),
  output: z.object({
    ...shellRecord,
    cursor: z
      .number()
      .describe("Where the output begins; later than asked for when that is not kept any more"),
    next_cursor: z.number().describe("Where the next read begins"),
    output: z.string(),
    truncated: z
      .boolean()
      .describe("There is more: read on at `next_cursor`; with `plain` the beginning was left out"),
    missing_chars: z.number().describe("Characters after the cursor that was asked for that are gone"),
    plain: z.boolean(),
    wait_for_idle_ms: z.int().nullable(),
    screen: z
      .object({
        full_screen: z.boolean().describe("A program has the whole screen; the output is all of it"),
        row: z.int().describe("Of the terminal's cursor, from 1"),
        column: z.int().describe("Of the terminal's cursor, from 1"),
      })
      .nullable()
      .describe("With `plain`: how the screen stands"),
  }),
  cli: {
    words: ["workspace", "shell", "read"],
    positionals: ["workspace_id", "shell_id"],
    only: { flag: "output-only", field: "output", description: "Print nothing but the output", line: false },
    examples: [
      "pyro workspace shell read fix-parser sh_4k2x7d3mq5ab --plain --wait-for-idle-ms 500",
      "pyro workspace shell read fix-parser sh_4k2x7d3mq5ab --cursor 2048",
    ],
  },
});
