// `vm_delete`: delete a guest.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { vmIdInput } from "./vm-fields.js";

export const vmDelete = defineOperation({
  id: "vm_delete",
  summary: "Delete a guest",
  description: "Deletes a one-shot guest in any state. A command that runs in it is ended.",
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  input: z.strictObject({ vm_id: vmIdInput }),
  output: z.object({
    vm_id: z.string(),
    deleted: z.boolean(),
    reason: z.string().describe("`explicit_delete`"),
  }),
});
