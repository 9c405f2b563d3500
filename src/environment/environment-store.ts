// The environments of this host: which there are, which are installed, and how they come and go.

import { access, constants, mkdir } from "node:fs/promises";
import { PyroError } from "../contract/errors.js";
import { acquireFileLock, type FileLock, tryFileLock } from "../platform/file-lock.js";
import { Scope } from "../platform/scope.js";
import { environmentSlug, lockPath } from "./cache-names.js";
import { CATALOGUE, type CatalogueEntry, getCatalogueEntry, type SourceName } from "./catalogue.js";
import { findCurrentDir } from "./current-install.js";
import { resolveRecipe } from "./install-digest.js";
import { installFromSources } from "./install-from-sources.js";
import { findDamage, type InstalledEnvironment, readInstall } from "./installed-environment.js";
import { PackagesSource } from "./packages-source.js";
import type { OnPullProgress } from "./progress.js";
import { pruneCache, type PruneResult, removePartials } from "./prune-cache.js";
import type { EnvironmentSource } from "./source.js";
import { toStorageError } from "./storage-error.js";

export interface EnvironmentSummary extends CatalogueEntry {
  readonly installed: InstalledEnvironment | undefined;
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
  /** The verdict of the complete check on each install directory; made once in the life of this process. */
  readonly #checked = new Map<string, Promise<string | undefined>>();

  constructor(cacheDir: string, sources: readonly EnvironmentSource[] = [new PackagesSource()]) {
    this.cacheDir = cacheDir;
    this.#sources = sources;
  }

  /** All environments of the catalogue. */
  async list(): Promise<EnvironmentSummary[]> {
    return Promise.all(CATALOGUE.map((entry) => this.inspect(entry.name)));
  }

  /** Everything known about one environment. Throws environment_not_found. */
  async inspect(name: string): Promise<EnvironmentSummary> {
    return { ...getCatalogueEntry(name), installed: await this.find(name) };
  }

  /** The install of an environment; undefined when there is none that is sound and up to date. */
  async find(name: string): Promise<InstalledEnvironment | undefined> {
    const entry = getCatalogueEntry(name);
    const installDir = await findCurrentDir(this.cacheDir, environmentSlug(name));
    const install = installDir === undefined ? undefined : await readInstall(installDir);
    if (install?.name !== name || install.manifest.recipe !== resolveRecipe(entry)) return undefined;
    return (await this.#findDamage(install)) === undefined ? install : undefined;
  }

  /** The install of an environment, pulled if need be. Says nothing when it is there. */
  async ensure(name: string, options: PullOptions = {}): Promise<InstalledEnvironment> {
    return (await this.find(name)) ?? this.pull(name, options);
  }

  /**
   * Installs an environment, or replaces its damaged install; a sound one is returned as it is. Calls for one
   * environment at once, in this process or in others, do the work once: the others wait for it.
   */
  async pull(name: string, options: PullOptions = {}): Promise<InstalledEnvironment> {
    const entry = getCatalogueEntry(name);
    const { signal, onProgress = () => undefined } = options;
    onProgress({ phase: "install", fields: { environment: name } });
    try {
      await mkdir(this.cacheDir, { recursive: true, mode: 0o700 });
      await access(this.cacheDir, constants.W_OK);
      await using scope = new Scope();
      const lock = await this.#lock(entry, signal, onProgress);
      scope.defer(() => lock.release());
      this.#checked.clear();
      const install = (await this.find(name)) ?? (await this.#install(entry, options, onProgress));
      onProgress({ phase: "ready", fields: { environment: name } });
      return install;
    } catch (error) {
      throw toStorageError(error, this.cacheDir);
    }
  }

  /**
   * Removes stale, partial and superseded installs, never one being pulled. `isInUse` tells whether a guest uses
   * an install: from the moment on in which find() or ensure() gave it out.
   */
  async prune(isInUse: (installDir: string) => boolean): Promise<PruneResult> {
    const isWanted = async (slug: string) => {
      const entry = CATALOGUE.find((candidate) => environmentSlug(candidate.name) === slug);
      return entry !== undefined && (await this.find(entry.name)) !== undefined;
    };
    return pruneCache({ cacheDir: this.cacheDir, isWanted, isInUse });
  }

  async #install(entry: CatalogueEntry, options: PullOptions, onProgress: OnPullProgress) {
    await removePartials(this.cacheDir, environmentSlug(entry.name));
    const install = await installFromSources({
      entry,
      onProgress,
      cacheDir: this.cacheDir,
      sources: this.#sources,
      wanted: options.source,
      signal: options.signal,
    });
    const damage = await this.#findDamage(install);
    if (damage !== undefined)
      throw new PyroError("environment_damaged", `the new install is damaged: ${damage}`);
    return install;
  }

  async #lock(
    entry: CatalogueEntry,
    signal: AbortSignal | undefined,
    onProgress: OnPullProgress,
  ): Promise<FileLock> {
    const file = lockPath(this.cacheDir, environmentSlug(entry.name));
    const free = await tryFileLock(file);
    if (free) return free;
    onProgress({ phase: "lock", fields: { waiting_for: "another pull" } });
    return acquireFileLock(file, signal);
  }

  #findDamage(install: InstalledEnvironment): Promise<string | undefined> {
    const known = this.#checked.get(install.installDir);
    if (known) return known;
    const checking = findDamage(install);
    this.#checked.set(install.installDir, checking);
    return checking;
  }
}
