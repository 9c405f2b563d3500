// `workspace service logs`: what a service has written.

import { z } from "zod";
import { bounded } from "../contract/fields.js";
import { LOG_TAIL_LINES } from "../contract/limits.js";
import { defineOperation } from "./operation.js";
import { serviceNameInput, serviceRecord } from "./service-fields.js";
import { workspaceIdInput } from "./workspace-fields.js";

export const serviceLogs = defineOperation({
  id: "service_logs",
  summary: "Show what a service has written",
  description:
    "Shows the last lines of a service's stdout and stderr since its start, after its end too. The latest 2 to 4 MiB of each are kept; `all` shows all of that.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    service_name: serviceNameInput,
    tail_lines: bounded(LOG_TAIL_LINES, "Lines of each stream"),
    all: z.boolean().default(false).describe("Everything that is kept, instead of the last lines"),
    follow: z
      .boolean()
      .default(false)
      .describe("Go on with what it writes until it ends: as events, not as part of the result"),
  }),
  output: z.object({
    ...serviceRecord.shape,
    stdout: z.string().describe("What is not UTF-8 is replaced"),
    stderr: z.string(),
    tail_lines: z.int().nullable().describe("Null: everything that is kept"),
    truncated: z.boolean().describe("There was more before this, kept or not"),
  }),
  cli: {
    words: ["workspace", "service", "logs"],
    positionals: ["workspace_id", "service_name"],
    examples: [
      "pyro workspace service logs fix-parser web",
      "pyro workspace service logs fix-parser web --follow",
      "pyro workspace service logs fix-parser web --all > web.log",
    ],
  },
});
