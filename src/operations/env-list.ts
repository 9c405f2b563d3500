// `env list`: which environments there are.

import { z } from "zod";
import { environmentEntry } from "./environment-fields.js";
import { defineOperation } from "./operation.js";

export const envList = defineOperation({
  id: "vm_list_environments",
  summary: "List the environments that guests can be made of",
  description:
    "Lists the catalogue's environments, and the images that are installed: what each holds, and whether it is in the cache.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({}),
  output: z.object({
    catalog_version: z.string().describe("Version of the package"),
    environments: z.array(environmentEntry),
  }),
  cli: { words: ["env", "list"], examples: ["pyro env list", "pyro env list --json"] },
});
