// Which of the named things the user wants.

import { PyroError } from "../contract/errors.js";

/** Of `choices` those that are named, in their own order; all without names. */
export function choose<Choice extends { readonly name: string }>(
  choices: readonly Choice[],
  names: readonly string[],
): Choice[] {
  return choices.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Throws when a name is none of `choices`. */
export function checkNames(choices: readonly { readonly name: string }[], names: readonly string[]): void {
  const known = choices.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new PyroError("invalid_input", `there is no scenario ${JSON.stringify(unknown)}`, {
    hint: `The scenarios are ${known.join(", ")}.`,
    details: { known },
  });
}
