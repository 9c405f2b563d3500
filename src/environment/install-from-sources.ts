// Which source an environment is installed from: the first of its entry that works, or the one that was asked for.

import { PyroError, type ErrorCode } from "../contract/errors.js";
import type { SourceName } from "./catalogue.js";
import type { InstalledEnvironment } from "./installed-environment.js";
import { type InstallRequest, makeInstall } from "./make-install.js";
import type { EnvironmentSource } from "./source.js";

export interface SourcesRequest extends Omit<InstallRequest, "source"> {
  readonly sources: readonly EnvironmentSource[];
  /** Only this one. Else a source that is unavailable gives way to the next, and says so. */
  readonly wanted: SourceName | undefined;
}

export async function installFromSources(request: SourcesRequest): Promise<InstalledEnvironment> {
  const { entry, sources, wanted, onProgress } = request;
  if (wanted !== undefined && !entry.sources.includes(wanted)) {
    const known = entry.sources.join(", ");
    throw new PyroError("invalid_input", `${entry.name} has no source "${wanted}"; its sources: ${known}`, {
      hint: "Images of the catalogue's environments come from the registry in PYRO_CATALOG_REGISTRY, if there is one.",
    });
  }
  const names = wanted === undefined ? [...entry.sources] : [wanted];
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    try {
      const source = getSource(sources, name);
      onProgress({ phase: "source", fields: { source: name } });
      return await makeInstall({ ...request, source });
    } catch (error) {
      if (names.length === 0 || !isUnavailable(error)) throw error;
      onProgress({ phase: "source", fields: { source: name, skipped: error.message } });
    }
  }
  throw new PyroError("source_unavailable", `${entry.name} has no source`);
}

function getSource(sources: readonly EnvironmentSource[], name: SourceName): EnvironmentSource {
  const source = sources.find((candidate) => candidate.name === name);
  if (source) return source;
  throw new PyroError("source_unavailable", `the source "${name}" is not available`, {
    hint: "Pull without --source, or with `--source packages`.",
  });
}

/** Another source may have it. A hostile image is no such case: somebody should look at it. */
const UNAVAILABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "source_unavailable",
  "program_missing",
  "image_not_found",
  "image_invalid",
  "platform_missing",
  "registry_busy",
  "registry_denied",
  "registry_failed",
  "registry_unreachable",
]);

function isUnavailable(error: unknown): error is PyroError {
  return error instanceof PyroError && UNAVAILABLE.has(error.code);
}
