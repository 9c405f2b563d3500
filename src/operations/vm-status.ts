// `vm_status`: show a guest.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { vmIdInput, vmRecord } from "./vm-fields.js";

export const vmStatus = defineOperation({
  id: "vm_status",
  summary: "Show a guest",
  description: "Shows the record of a one-shot guest: its size, state, and when it expires.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({ vm_id: vmIdInput }),
  output: vmRecord,
});
