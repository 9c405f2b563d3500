// `workspace shell signal`: a signal to what runs in a shell.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { shellInput, shellRecord } from "./shell-fields.js";

export const shellSignal = defineOperation({
  id: "shell_signal",
  summary: "Signal what runs in the foreground of a shell",
  description:
    "Sends a signal to what runs in the foreground of a shell's terminal; at its prompt that is the shell itself. INT is what Ctrl-C does, " +
    "KILL ends a command that takes no other.",
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  input: z.strictObject({
    ...shellInput,
    signal_name: z.enum(["HUP", "INT", "TERM", "KILL"]).default("INT").describe("Which signal"),
  }),
  output: z.object({ ...shellRecord, signal: z.string().describe("Name of the signal that was sent") }),
  cli: {
    words: ["workspace", "shell", "signal"],
    positionals: ["workspace_id", "shell_id"],
    examples: [
      "pyro workspace shell signal fix-parser sh_4k2x7d3mq5ab",
      "pyro workspace shell signal fix-parser sh_4k2x7d3mq5ab --signal-name KILL",
    ],
  },
});
