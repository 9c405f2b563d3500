// `workspace service stop`: the end of a service and of all that it has started.

import { defineOperation } from "./operation.js";
import { serviceIdOnly, serviceRecord } from "./service-fields.js";

export const serviceStop = defineOperation({
  id: "service_stop",
  summary: "Stop a service",
  description:
    "Ends a service and every process that it has started: TERM, and after 5 seconds KILL. Its log is kept, its published ports are free again. Stopping one that has ended is a success.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: serviceIdOnly,
  output: serviceRecord,
  cli: {
    words: ["workspace", "service", "stop"],
    positionals: ["workspace_id", "service_name"],
    examples: ["pyro workspace service stop fix-parser web"],
  },
});
