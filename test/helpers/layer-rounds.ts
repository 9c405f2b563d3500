// What a guest has, asked again of the guests that are started on its captures.

import { z } from "zod";
import type { RoundsInput } from "./layer-rounds-program.js";
import type { Guests } from "./use-guests.js";

const Answers = z.array(z.string());

/** As the user of `guests`, whose environment it is. `program` is layer-rounds-program.ts. */
export async function askRounds(
  { pyro, environment }: Guests,
  program: string,
  input: Omit<RoundsInput, "environment">,
): Promise<string[]> {
  const { status, stdout, stderr } = await pyro.run([JSON.stringify({ environment, ...input })], {
    cli: program,
  });
  if (status !== 0) throw new Error(stderr);
  return Answers.parse(JSON.parse(stdout.toString()));
}
