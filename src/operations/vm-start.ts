// `vm_start`: start a created guest.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { vmIdInput, vmRecord } from "./vm-fields.js";

export const vmStart = defineOperation({
  id: "vm_start",
  summary: "Start a created guest",
  description: "Starts a created guest. Starting one that runs is a success.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({ vm_id: vmIdInput }),
  output: vmRecord,
});
