// What only the command line can add to an operation's result: the daemon does not stand where the user stands.

import type { OperationId, ResultOf } from "../operations/registry.js";
import { findProjectSource } from "./project-source.js";

const OWN_FACTS: { readonly [Id in OperationId]?: (result: ResultOf<Id>) => Promise<ResultOf<Id>> } = {
  async doctor(result) {
    const project_source = await findProjectSource({});
    const { problem } = project_source;
    return { ...result, project_source, issues: problem ? [...result.issues, problem] : result.issues };
  },
};

export async function addOwnFacts<Id extends OperationId>(
  id: Id,
  result: ResultOf<Id>,
): Promise<ResultOf<Id>> {
  return (await OWN_FACTS[id]?.(result)) ?? result;
}
