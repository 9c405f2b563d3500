// Hints tell of commands of the `pyro` program; a model has tools in their place.

import type { Operation } from "../../operations/operation.js";
import { OPERATION_IDS, OPERATIONS, type OperationId } from "../../operations/registry.js";

/** `text` with the tool in place of each command that one of `tools` stands for; other commands are the user's. */
export function nameTools(text: string, tools: ReadonlySet<OperationId>): string {
  const named = text.replaceAll(/`pyro ([^`]+)`/g, (command, words: string) => {
    const id = findTool(words);
    if (id === undefined) return command;
    return tools.has(id) ? id : command;
  });
  return named.replaceAll(/(?<![\w`-])--([a-z][a-z-]+)/g, (flag, name: string) => {
    const argument = name.replaceAll("-", "_");
    return isArgument(argument, tools) ? `\`${argument}\`` : flag;
  });
}

function findTool(words: string): OperationId | undefined {
  return OPERATION_IDS.find((id) => {
    const { cli }: Operation = OPERATIONS[id];
    return cli !== undefined && `${words} `.startsWith(`${cli.words.join(" ")} `);
  });
}

function isArgument(name: string, tools: ReadonlySet<OperationId>): boolean {
  return [...tools].some((id) => name in OPERATIONS[id].input.shape);
}
