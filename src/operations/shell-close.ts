// `workspace shell close`: the end of a shell.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { shellInput, shellRecord } from "./shell-fields.js";

export const shellClose = defineOperation({
  id: "shell_close",
  summary: "Close a shell",
  description:
    "Ends a shell with everything that was started in it, in the background too, and forgets its output.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject(shellInput),
  output: z.object({ ...shellRecord, closed: z.boolean() }),
  cli: {
    words: ["workspace", "shell", "close"],
    positionals: ["workspace_id", "shell_id"],
    examples: ["pyro workspace shell close fix-parser sh_4k2x7d3mq5ab"],
  },
});
