// Operations are told of by their ids; who reads help knows their commands.

import type { Operation } from "../operations/operation.js";
import { isOperationId, OPERATIONS } from "../operations/registry.js";

/** `text` with the command in place of each operation's id: `pyro workspace exec` for workspace_exec. */
export function nameCommands(text: string): string {
  return text.replaceAll(/\b[a-z]+(?:_[a-z]+)+\b/g, (word) => {
    const operation: Operation | undefined = isOperationId(word) ? OPERATIONS[word] : undefined;
    return operation?.cli ? `\`pyro ${operation.cli.words.join(" ")}\`` : word;
  });
}
