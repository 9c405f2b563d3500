// Values of environment variables, judged: one that is misspelt must not pass for one that is not set.

import { PyroError } from "../contract/errors.js";

type Variables = Readonly<Record<string, string | undefined>>;

/** One of `choices`; undefined when it is not set. Throws invalid_input for anything else. */
export function readChoice<Choice extends string>(
  variables: Variables,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = variables[name];
  const chosen = choices.find((choice) => choice === value);
  if (value !== undefined && chosen === undefined) throw refuse(name, value, choices.join(" or "));
  return chosen;
}

/** A whole number from 1; undefined when it is not set. Throws invalid_input for anything else. */
export function readCount(variables: Variables, name: string): number | undefined {
  const value = variables[name];
  if (value === undefined) return undefined;
  const count = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(count) || count < 1) {
    throw refuse(name, value, "a whole number from 1");
  }
  return count;
}

function refuse(name: string, value: string, wanted: string): PyroError {
  return new PyroError("invalid_input", `the environment variable ${name} is ${JSON.stringify(value)}`, {
    hint: `Set it to ${wanted}, or unset it.`,
    details: { variable: name },
  });
}
