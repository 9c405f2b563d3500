// A live connection to a shell's terminal: what `pyro workspace shell attach` and the SDK's iterator are made of. No
// tool: its output is a stream of events, as the shell printed it.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { shellInput, shellRecord } from "./shell-fields.js";

export const terminalAttach = defineOperation({
  id: "terminal_attach",
  summary: "Connect to a shell's terminal",
  description:
    "Streams a shell's output as it comes, and types what comes on stdin, until the shell or stdin ends.",
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  input: z.strictObject({
    ...shellInput,
    cursor: z
      .int()
      .min(0)
      .optional()
      .describe("Where in the output to begin, characters; absent: with the screen as it stands"),
    interactive: z
      .boolean()
      .default(true)
      .describe("Type what comes on stdin, whose end is the caller's leave"),
  }),
  output: z.object({
    ...shellRecord,
    next_cursor: z.number().describe("Where the output that has been sent ends"),
    detached: z.boolean().describe("The caller has left; the shell runs on"),
  }),
  stdin: true,
});
