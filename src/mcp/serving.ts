// What one server works with, for all its calls.

import type { Client } from "../client/client.js";
import type { ServeOptions } from "../contract/serve-options.js";
import { findOffer } from "./offers/find-offer.js";
import { detectSource, type Surroundings } from "./project-source/detect-source.js";
import type { ProjectSource } from "./project-source/project-source.js";
import { RepositoryClones } from "./project-source/repository-clones.js";
import { listTools } from "./tools/list-tools.js";
import type { OfferedTool } from "./tools/offered-tool.js";

export interface Serving {
  readonly client: Client;
  readonly instructions: string;
  readonly tools: ReadonlyMap<string, OfferedTool>;
  /** In place of the operations' own default. */
  readonly environment: string | undefined;
  readonly source: ProjectSource;
  readonly clones: RepositoryClones;
}

/** Reads the file system a little, and neither starts nor makes anything. */
export function openServing(client: Client, options: ServeOptions, surroundings: Surroundings): Serving {
  const offer = findOffer(options);
  const source = detectSource(options, surroundings);
  const tools = listTools(offer, options, source);
  return {
    client,
    instructions: offer.instructions,
    tools: new Map(tools.map((tool) => [tool.definition.name, tool])),
    environment: options.environment,
    source,
    clones: new RepositoryClones(client.settings.cacheDir),
  };
}
