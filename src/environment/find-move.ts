// Whether an image's tag names another image now than the one that is installed.

import { PyroError } from "../contract/errors.js";
import { parseImageReference } from "../contract/image-reference.js";
import type { CatalogueEntry } from "./catalogue.js";
import type { InstalledEnvironment } from "./installed-environment.js";
import type { OnPullProgress } from "./progress.js";
import type { EnvironmentSource } from "./source.js";

export interface MoveRequest {
  readonly entry: CatalogueEntry;
  readonly install: InstalledEnvironment;
  readonly sources: readonly EnvironmentSource[];
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnPullProgress;
}

/**
 * Asks the source that the install came from. A registry that does not answer is told and no failure: what is
 * installed works without it.
 */
export async function findMove(request: MoveRequest): Promise<string | undefined> {
  const { entry, install, sources, signal, onProgress } = request;
  const { image, source: name } = install.manifest;
  const source = sources.find((candidate) => candidate.name === name);
  if (!image || !source?.resolve || entry.image === undefined || isPinned(entry.image)) return undefined;
  let digest: string;
  try {
    digest = await source.resolve({ entry, signal, onProgress });
  } catch (error) {
    if (!(error instanceof PyroError)) throw error;
    onProgress({ phase: "registry", fields: { unknown: error.message } });
    return undefined;
  }
  if (digest === image.digest) {
    onProgress({ phase: "registry", fields: { unchanged: digest } });
    return undefined;
  }
  onProgress({ phase: "registry", fields: { moved_from: image.digest, moved_to: digest } });
  return digest;
}

function isPinned(image: string): boolean {
  return parseImageReference(image)?.digest !== undefined;
}
