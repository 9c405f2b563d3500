// Hints tell of commands of the `pyro` program; a model has tools in their place.

import type { Operation } from "../../operations/operation.js";
import { OPERATION_IDS, OPERATIONS } from "../../operations/registry.js";
import type { OfferedTool } from "../tools/offered-tool.js";

export type OfferedTools = ReadonlyMap<string, OfferedTool>;

/** `text` with tools and arguments in place of the commands and flags that they stand for; others are the user's. */
export function nameTools(text: string, tools: OfferedTools): string {
  const named = text.replaceAll(
    /`pyro ([^`]+)`/g,
    (command, words: string) => findTool(words, tools) ?? command,
  );
  return named.replaceAll(/(?<![\w`-])--([a-z][a-z-]+)/g, (flag, name: string) => {
    const argument = name.replaceAll("-", "_");
    return isArgument(argument, tools) ? `\`${argument}\`` : flag;
  });
}

function findTool(words: string, tools: OfferedTools): string | undefined {
  return OPERATION_IDS.find((id) => {
    const { cli }: Operation = OPERATIONS[id];
    return tools.has(id) && cli !== undefined && `${words} `.startsWith(`${cli.words.join(" ")} `);
  });
}

function isArgument(name: string, tools: OfferedTools): boolean {
  return [...tools.values()].some(({ definition }) => name in definition.inputSchema.properties);
}
