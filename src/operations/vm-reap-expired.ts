// `vm_reap_expired`: remove expired guests.

import { z } from "zod";
import { defineOperation } from "./operation.js";

export const vmReapExpired = defineOperation({
  id: "vm_reap_expired",
  summary: "Remove expired guests",
  description: "Removes every one-shot guest whose time to live is over. This also happens by itself.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({}),
  output: z.object({ deleted_vm_ids: z.array(z.string()), count: z.int().describe("How many") }),
});
