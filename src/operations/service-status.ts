// `workspace service status`: one service.

import { defineOperation } from "./operation.js";
import { serviceIdOnly, serviceRecord } from "./service-fields.js";

export const serviceStatus = defineOperation({
  id: "service_status",
  summary: "Show a service",
  description: "Shows whether a service runs, where it is reached, and how it ended.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: serviceIdOnly,
  output: serviceRecord,
  cli: {
    words: ["workspace", "service", "status"],
    positionals: ["workspace_id", "service_name"],
    examples: ["pyro workspace service status fix-parser web"],
  },
});
