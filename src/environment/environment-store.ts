// The environments of this host: which there are, which are installed, and how they come and go.

import { open } from "node:fs/promises";
import { PyroError } from "../contract/errors.js";
import { acquireFileLock, type FileLock, tryFileLock } from "../platform/file-lock.js";
import { makeDirectories } from "../platform/make-directories.js";
import { Scope } from "../platform/scope.js";
import { environmentSlug, lockPath } from "./cache-names.js";
import { CATALOGUE, type CatalogueEntry, getCatalogueEntry, type SourceName } from "./catalogue.js";
import { CurrentInstalls, type Examination } from "./current-installs.js";
import { installFromSources } from "./install-from-sources.js";
import type { InstalledEnvironment } from "./installed-environment.js";
import { PackagesSource } from "./packages-source.js";
import type { OnPullProgress } from "./progress.js";
import { pruneCache, type PruneResult } from "./prune-cache.js";
import { removePartials } from "./remove-partials.js";
import type { EnvironmentSource } from "./source.js";
import { toStorageError } from "./storage-error.js";

export interface EnvironmentSummary extends CatalogueEntry {
  /** The install, when it is sound and up to date. */
  readonly installed: InstalledEnvironment | undefined;
  /** Why an install that is there does not count, in words. */
  readonly damage: string | undefined;
}

export interface PullOptions {
  /** Only this source, instead of the first that works. */
  readonly source?: SourceName | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPullProgress | undefined;
}

export class EnvironmentStore {
  readonly cacheDir: string;
  readonly #sources: readonly EnvironmentSource[];
  readonly #installs: CurrentInstalls;

  constructor(cacheDir: string, sources: readonly EnvironmentSource[] = [new PackagesSource()]) {
    this.cacheDir = cacheDir;
    this.#sources = sources;
    this.#installs = new CurrentInstalls(cacheDir);
  }

  /** All environments of the catalogue. */
  async list(): Promise<EnvironmentSummary[]> {
    return Promise.all(CATALOGUE.map(async (entry) => summarize(entry, await this.#installs.examine(entry))));
  }

  /** Everything known about one environment, its install checked anew. Throws environment_not_found. */
  async inspect(name: string): Promise<EnvironmentSummary> {
    const entry = getCatalogueEntry(name);
    return summarize(entry, await this.#installs.examineAnew(entry));
  }

  /** The install of an environment; undefined when there is none that is sound and up to date. */
  async find(name: string): Promise<InstalledEnvironment | undefined> {
    const { install } = await this.#installs.examine(getCatalogueEntry(name));
    return install;
  }

  /** The install of an environment, pulled if need be. Says nothing when it is there. */
  async ensure(name: string, options: PullOptions = {}): Promise<InstalledEnvironment> {
    return (await this.find(name)) ?? this.pull(name, options);
  }

  /**
   * Installs an environment, or replaces its damaged install; a sound one is returned as it is. Calls for one
   * environment at once, in this process or in others, do the work once: the others wait for it. Throws
   * environment_not_found, source_unavailable, program_missing, not_yet_available, out_of_disk or storage_unavailable.
   */
  async pull(name: string, options: PullOptions = {}): Promise<InstalledEnvironment> {
    const entry = getCatalogueEntry(name);
    const { onProgress = () => undefined } = options;
    onProgress({ phase: "install", fields: { environment: name } });
    const { install } = await this.#installs.examineAnew(entry);
    const result = install ?? (await this.#pullLocked(entry, options, onProgress));
    onProgress({ phase: "ready", fields: { environment: name } });
    return result;
  }

  /**
   * Removes stale, partial and superseded installs, never one being pulled. `isInUse` tells whether a guest uses
   * an install: from the moment on in which find() or ensure() gave it out.
   */
  async prune(isInUse: (installDir: string) => boolean): Promise<PruneResult> {
    const isWanted = async (slug: string) => {
      const entry = CATALOGUE.find((candidate) => environmentSlug(candidate.name) === slug);
      return entry !== undefined && (await this.#installs.examineAnew(entry)).install !== undefined;
    };
    return pruneCache({ cacheDir: this.cacheDir, isWanted, isInUse });
  }

  async #pullLocked(entry: CatalogueEntry, options: PullOptions, onProgress: OnPullProgress) {
    const { source: wanted, signal } = options;
    const { cacheDir } = this;
    try {
      await makeDirectories(cacheDir, 0o700);
      await using scope = new Scope();
      const lock = await this.#lock(entry, signal, onProgress);
      scope.defer(() => lock.release());
      // Whoever had the lock before may have done the work.
      const found = await this.#installs.examineAnew(entry);
      if (found.install) return found.install;
      await removePartials(cacheDir, environmentSlug(entry.name));
      await installFromSources({ entry, onProgress, cacheDir, sources: this.#sources, wanted, signal });
      const { install, damage } = await this.#installs.examineAnew(entry);
      if (install) return install;
      throw new PyroError("environment_damaged", `the new install is not sound: ${damage ?? "it is gone"}`);
    } catch (error) {
      throw toStorageError(error, cacheDir);
    }
  }

  async #lock(
    entry: CatalogueEntry,
    signal: AbortSignal | undefined,
    onProgress: OnPullProgress,
  ): Promise<FileLock> {
    const file = lockPath(this.cacheDir, environmentSlug(entry.name));
    // Made here because flock(1) reports what forbids it in prose only.
    await (await open(file, "a", 0o600)).close();
    const free = await tryFileLock(file);
    if (free) return free;
    onProgress({ phase: "lock", fields: { waiting_for: "another pull" } });
    return acquireFileLock(file, signal);
  }
}

function summarize(entry: CatalogueEntry, { install, damage }: Examination): EnvironmentSummary {
  return { ...entry, installed: install, damage };
}
