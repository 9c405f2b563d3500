// `env prune`: gives back the disk space of installs that nobody uses.

import { z } from "zod";
import { defineOperation } from "./operation.js";

export const envPrune = defineOperation({
  id: "env_prune",
  summary: "Remove stale, partial and superseded installs",
  description: "Removes installs that are stale, partial or superseded; never one in use or being pulled.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    images: z.boolean().default(false).describe("Remove installed images, too, that no guest uses"),
  }),
  output: z.object({
    deleted_environment_dirs: z.array(z.string()),
    count: z.int().describe("How many"),
    freed_bytes: z.number().describe("Disk space that was given back, bytes"),
  }),
  cli: { words: ["env", "prune"], examples: ["pyro env prune", "pyro env prune --images"] },
});
