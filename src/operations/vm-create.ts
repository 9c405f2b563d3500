// `vm_create`: create a one-shot guest.

import { z } from "zod";
import { WORK_IN_VM } from "./effects.js";
import { defineOperation } from "./operation.js";
import { vmRecord, vmShapeInput } from "./vm-fields.js";

export const vmCreate = defineOperation({
  id: "vm_create",
  summary: "Create a one-shot guest",
  description:
    "Creates a one-shot guest for one command. It starts with vm_start, or by itself with vm_exec; it is removed after its command, or when its time to live is over.",
  effect: WORK_IN_VM,
  input: z.strictObject(vmShapeInput),
  output: vmRecord,
});
