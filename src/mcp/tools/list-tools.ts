// The tools of one server: its offer, the flags that it was started with, and where workspaces start from.

import { DEFAULT_ENVIRONMENT } from "../../contract/limits.js";
import type { ServeOptions } from "../../contract/serve-options.js";
import type { Operation } from "../../operations/operation.js";
import { OPERATIONS, type OperationId } from "../../operations/registry.js";
import type { Offer } from "../offers/offer.js";
import type { ProjectSource } from "../project-source/project-source.js";
import { describeSeedPath, describeStart } from "../project-source/describe-start.js";
import { toAnnotations } from "./annotations.js";
import { toInputSchema } from "./input-schema.js";
import type { OfferedTool } from "./offered-tool.js";
import { toOutputSchema } from "./output-schema.js";

/** In nearly every tool. */
const WORKSPACE_ID = "Id or name";
const ENVIRONMENTS =
  "What is installed in the guest: `debian:12` (git, curl, python3), `debian:12-base` (minimal) or " +
  "`debian:12-build` (compilers, cmake, pip, nodejs, npm, ripgrep, jq)";

/** Without it Claude Code shows its model only the names of the tools, and has them looked up one by one. */
const ALWAYS_LOAD = "anthropic/alwaysLoad";

/** The same options and the same source give the same list, byte for byte. */
export function listTools(offer: Offer, options: ServeOptions, source: ProjectSource): OfferedTool[] {
  const serverArguments = new Set(offer.tools.flatMap((id) => listArguments(id, offer, options)));
  return offer.tools.map((id) => toOfferedTool(id, offer, options, source, serverArguments));
}

function toOfferedTool(
  id: OperationId,
  offer: Offer,
  options: ServeOptions,
  source: ProjectSource,
  serverArguments: ReadonlySet<string>,
): OfferedTool {
  const operation: Operation = OPERATIONS[id];
  const withheld = listWithheld(operation, offer.withheld?.[id] ?? [], options);
  const environment = options.environment ?? DEFAULT_ENVIRONMENT;
  const inputSchema = toInputSchema(operation, {
    withheld: new Set(withheld.keys()),
    descriptions: {
      workspace_id: WORKSPACE_ID,
      environment: ENVIRONMENTS,
      seed_path: describeSeedPath(source),
    },
    defaults: { environment },
  });
  const description = offer.descriptions?.[id] ?? operation.description;
  return {
    definition: {
      name: id,
      title: operation.summary,
      description: id === "workspace_create" ? `${description} ${describeStart(source)}` : description,
      inputSchema,
      outputSchema: toOutputSchema(operation),
      annotations: toAnnotations(operation.effect, Object.keys(inputSchema.properties), serverArguments),
      _meta: { [ALWAYS_LOAD]: true },
    },
    withheld,
  };
}

function listArguments(id: OperationId, offer: Offer, options: ServeOptions): string[] {
  const operation: Operation = OPERATIONS[id];
  const withheld = listWithheld(operation, offer.withheld?.[id] ?? [], options);
  return Object.keys(operation.input.shape).filter((name) => !withheld.has(name));
}

function listWithheld(
  operation: Operation,
  byOffer: readonly string[],
  { allowHostCompat }: ServeOptions,
): Map<string, string> {
  const withheld = new Map(byOffer.map((name) => [name, "this server does not offer it"]));
  if ("follow" in operation.input.shape) {
    withheld.set("follow", "an answer comes once: ask again for what has been written since");
  }
  if (!allowHostCompat && "allow_host_compat" in operation.input.shape) {
    withheld.set(
      "allow_host_compat",
      "only the one who starts the server can allow that, by --allow-host-compat",
    );
  }
  return withheld;
}
