// A new size for a shell's terminal. No tool: models choose a size when they open a shell.

import { z } from "zod";
import { SHELL_COLS, SHELL_ROWS } from "../contract/limits.js";
import { defineOperation } from "./operation.js";
import { shellInput, shellRecord } from "./shell-fields.js";

export const terminalResize = defineOperation({
  id: "terminal_resize",
  summary: "Resize a shell's terminal",
  description: "Gives a shell's terminal another size; programs that draw on the screen are told.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    ...shellInput,
    cols: z.int().min(SHELL_COLS.min).max(SHELL_COLS.max).describe("Columns of the terminal, 1 to 500"),
    rows: z.int().min(SHELL_ROWS.min).max(SHELL_ROWS.max).describe("Rows of the terminal, 1 to 200"),
  }),
  output: z.object(shellRecord),
});
