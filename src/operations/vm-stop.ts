// `vm_stop`: stop a guest.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { vmIdInput, vmRecord } from "./vm-fields.js";

export const vmStop = defineOperation({
  id: "vm_stop",
  summary: "Stop a guest",
  description:
    "Ends a guest and what runs in it; its files are gone, its record stays until it is deleted or expires. Stopping a stopped one is a success.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({ vm_id: vmIdInput }),
  output: vmRecord,
});
