// `vm_exec`: one command in a created guest, which is gone afterwards.

import { z } from "zod";
import { inputFields } from "../contract/fields.js";
import { WORK_IN_VM } from "./effects.js";
import { defineOperation } from "./operation.js";
import { vmIdInput } from "./vm-fields.js";
import { vmRun } from "./vm-run.js";

export const vmExec = defineOperation({
  id: "vm_exec",
  summary: "Run one command in a created guest, which is removed afterwards",
  description:
    "Runs one command in a guest made by vm_create, starting it when need be, returns output and exit status, and removes the guest. " +
    "A non-zero exit is a result, not an error.",
  effect: WORK_IN_VM,
  input: z.strictObject({
    vm_id: vmIdInput,
    command: inputFields.command,
    timeout_seconds: inputFields.timeoutSeconds,
  }),
  output: vmRun.output,
  stdin: true,
});
