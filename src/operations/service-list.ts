// `workspace service list`: the services of a workspace, ended ones too.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { serviceEntry } from "./service-fields.js";
import { workspaceIdOnly } from "./workspace-fields.js";

export const serviceList = defineOperation({
  id: "service_list",
  summary: "List a workspace's services",
  description: "Lists the services since the last reset, those that have ended too, by name.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: workspaceIdOnly,
  output: z.object({
    workspace_id: z.string(),
    count: z.int(),
    running_count: z.int(),
    services: z.array(serviceEntry),
  }),
  cli: {
    words: ["workspace", "service", "list"],
    positionals: ["workspace_id"],
    examples: ["pyro workspace service list fix-parser"],
  },
});
