// `env pull`: installs an environment into the cache.

import { z } from "zod";
import { inputFields } from "../contract/fields.js";
import { environmentDetails } from "./environment-fields.js";
import { defineOperation } from "./operation.js";

export const envPull = defineOperation({
  id: "env_pull",
  summary: "Install an environment, or repair its install",
  description:
    "Installs an environment into the cache; one that is there and sound is left as it is, a damaged one is replaced.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: true },
  input: z.strictObject({
    environment: inputFields.environment,
    source: z
      .enum(["oci", "packages"])
      .optional()
      .describe("Where to install it from; else the first of the environment's sources that works"),
  }),
  output: environmentDetails.extend({ source: z.string().describe("Where it was installed from") }),
  cli: {
    words: ["env", "pull"],
    positionals: ["environment"],
    examples: ["pyro env pull debian:12", "pyro env pull debian:12-build --source packages"],
  },
});
