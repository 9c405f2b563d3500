// `env inspect`: everything known about one environment.

import { z } from "zod";
import { inputFields } from "../contract/fields.js";
import { environmentDetails } from "./environment-fields.js";
import { defineOperation } from "./operation.js";

export const envInspect = defineOperation({
  id: "env_inspect",
  summary: "Show everything known about one environment",
  description: "Shows an environment's source, digest, packages with versions, and size, as installed here.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({ environment: inputFields.environment }),
  output: environmentDetails,
  cli: { words: ["env", "inspect"], positionals: ["environment"], examples: ["pyro env inspect debian:12"] },
});
