// Which operation the user's words mean, or may have meant.

import type { CliBinding, Operation } from "../operations/operation.js";
import { OPERATION_IDS, OPERATIONS } from "../operations/registry.js";

/** How the command that `own` begins with is called; undefined when it is no operation. */
export function findBinding(own: readonly string[]): CliBinding | undefined {
  for (const id of OPERATION_IDS) {
    const operation: Operation = OPERATIONS[id];
    if (operation.cli?.words.every((word, index) => own[index] === word)) return operation.cli;
  }
  return undefined;
}

/** The words of the commands that end with `word`, of those with the fewest words. */
export function findNamesakes(word: string): readonly (readonly string[])[] {
  const found = OPERATION_IDS.flatMap((id) => {
    const { cli }: Operation = OPERATIONS[id];
    return cli?.words.at(-1) === word ? [cli.words] : [];
  });
  const fewest = Math.min(...found.map(({ length }) => length));
  return found.filter(({ length }) => length === fewest);
}
