// `workspace shell write`: typing into a shell.

import { z } from "zod";
import { SHELL_INPUT_MAX } from "../contract/limits.js";
import { WORK_IN_WORKSPACE } from "./effects.js";
import { defineOperation } from "./operation.js";
import { shellInput, shellRecord } from "./shell-fields.js";

export const shellWrite = defineOperation({
  id: "shell_write",
  summary: "Type into a shell",
  description:
    "Types into a shell, to whatever program reads there, and presses Enter after it; shell_read has what comes of it. For keys take " +
    "`append_newline: false` and send what they send: `\\u0003` is Ctrl-C, `\\u0004` Ctrl-D, `\\u001b` Escape, `\\u001b[A` the arrow up, `\\r` Enter.",
  effect: WORK_IN_WORKSPACE,
  input: z.strictObject({
    ...shellInput,
    input: z
      .string()
      .max(SHELL_INPUT_MAX, `at most ${SHELL_INPUT_MAX} characters are allowed`)
      .describe("What to type, exactly"),
    append_newline: z.boolean().default(true).describe("Press Enter after it"),
  }),
  output: z.object({
    ...shellRecord,
    input_length: z.int().describe("Characters of `input`"),
    append_newline: z.boolean(),
  }),
  cli: {
    words: ["workspace", "shell", "write"],
    positionals: ["workspace_id", "shell_id", "input"],
    flags: { append_newline: "newline" },
    examples: [
      "pyro workspace shell write fix-parser sh_4k2x7d3mq5ab 'make test'",
      "pyro workspace shell write fix-parser sh_4k2x7d3mq5ab --no-newline q",
      "pyro workspace shell write fix-parser sh_4k2x7d3mq5ab --no-newline $'\\u0003'",
    ],
  },
});
