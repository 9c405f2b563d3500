// Which command the user's words begin with, operation or not.

import type { Command } from "commander";

/** The words of the deepest command that `own` names, without `pyro`: `host connect` of `host connect codex`. */
export function findCommandWords(program: Command, own: readonly string[]): readonly string[] {
  const words: string[] = [];
  let command = program;
  for (const word of own) {
    const next = command.commands.find((each) => each.name() === word);
    if (!next) break;
    words.push(word);
    command = next;
  }
  return words;
}
