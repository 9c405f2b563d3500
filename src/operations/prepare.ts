// `prepare`: makes the daily loop warm.

import { z } from "zod";
import { inputFields } from "../contract/fields.js";
import { defineOperation } from "./operation.js";

export const prepare = defineOperation({
  id: "prepare",
  summary: "Make the next guests start in milliseconds",
  description:
    "Installs the environment, checks the engine, proves a guest by one throw-away create, exec and delete, and parks one for the next caller. " +
    "What is warm already is left as it is.",
  effect: { readOnly: false, destructive: false, idempotent: true, openWorld: true },
  input: z.strictObject({
    environment: inputFields.environmentOrDefault,
    network: z
      .boolean()
      .default(false)
      .describe("Also prove a guest's way out, as far as the policy on this host"),
    force: z.boolean().default(false).describe("Prove everything again although it is warm"),
  }),
  output: z.object({
    environment: z.string(),
    state: z
      .enum(["warm", "cold", "stale"])
      .describe("`warm`: a guest starts at once; `cold`: never prepared; `stale`: changed since"),
    network_proved: z
      .string()
      .nullable()
      .describe("What was proved of a guest's network; null when it was not asked for"),
    prepared_at: z.number().describe("When it was last proved: Unix time, seconds"),
    reused: z.boolean().describe("True: it was warm, and nothing had to be done"),
    steps: z
      .array(z.object({ name: z.string(), duration_ms: z.number().describe("Milliseconds") }))
      .describe("What was done, in its order"),
  }),
  cli: {
    words: ["prepare"],
    positionals: ["environment"],
    examples: ["pyro prepare", "pyro prepare debian:12-build --force"],
  },
});
