// The environments of this host: which there are, which are installed, and how they come and go.

import { open } from "node:fs/promises";
import { PyroError } from "../contract/errors.js";
import { acquireFileLock, type FileLock, tryFileLock } from "../platform/file-lock.js";
import { makeDirectories } from "../platform/make-directories.js";
import { Scope } from "../platform/scope.js";
import { environmentSlug, lockPath, parseCacheName } from "./cache-names.js";
import { type CatalogueEntry, getEnvironment, listCatalogue, type SourceName } from "./catalogue.js";
import { CurrentInstalls, type Examination } from "./current-installs.js";
import { findMove } from "./find-move.js";
import { OciSource } from "./image/oci-source.js";
import { installFromSources } from "./install-from-sources.js";
import { findCurrentDir } from "./install-pointer.js";
import { type InstalledEnvironment, readInstall } from "./installed-environment.js";
import { listCache } from "./list-cache.js";
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
  readonly #registry: string | undefined;

  /** `registry`: where images of the catalogue's environments are published. */
  constructor(
    cacheDir: string,
    sources: readonly EnvironmentSource[] = [new PackagesSource(), new OciSource()],
    registry?: string,
  ) {
    this.cacheDir = cacheDir;
    this.#sources = sources;
    this.#installs = new CurrentInstalls(cacheDir);
    this.#registry = registry;
  }

  /** All environments of the catalogue, and the images that are installed. */
  async list(): Promise<EnvironmentSummary[]> {
    const entries = [...listCatalogue(this.#registry), ...(await this.#listImages())];
    return Promise.all(entries.map(async (entry) => summarize(entry, await this.#installs.examine(entry))));
  }

  /** What is known of an environment by its name, or an image by its reference. Throws environment_not_found. */
  describe(name: string): CatalogueEntry {
    return getEnvironment(name, this.#registry);
  }

  /** Everything known about one environment, its install checked anew. Throws environment_not_found. */
  async inspect(name: string): Promise<EnvironmentSummary> {
    const entry = this.describe(name);
    return summarize(entry, await this.#installs.examineAnew(entry));
  }

  /** The install of an environment; undefined when there is none that is sound and up to date. */
  async find(name: string): Promise<InstalledEnvironment | undefined> {
    const { install } = await this.#installs.examine(this.describe(name));
    return install;
  }

  /** The install of an environment, pulled if need be. Says nothing when it is there. */
  async ensure(name: string, options: PullOptions = {}): Promise<InstalledEnvironment> {
    return (await this.find(name)) ?? this.pull(name, options);
  }

  /**
   * Installs an environment, or replaces its damaged install; a sound one is returned as it is, unless its image has
   * another digest by now, or another source is asked for. Calls for one environment at once, in this process or in
   * others, do the work once: the others wait for it. Throws environment_not_found, what sources throw, out_of_disk or
   * storage_unavailable.
   */
  async pull(name: string, options: PullOptions = {}): Promise<InstalledEnvironment> {
    const entry = this.describe(name);
    const { signal, onProgress = () => undefined } = options;
    onProgress({ phase: "install", fields: { environment: entry.name } });
    const known = await this.#installs.glance(entry);
    // The registry answers while the files are looked at.
    const [{ install }, digest] = await Promise.all([
      this.#installs.examineAnew(entry),
      known && findMove({ entry, install: known, sources: this.#sources, signal, onProgress }),
    ]);
    const wanted: Wanted = { source: options.source, digest };
    const result =
      install && isWanted(install, wanted)
        ? install
        : await this.#pullLocked(entry, wanted, signal, onProgress);
    onProgress({ phase: "ready", fields: { environment: entry.name } });
    return result;
  }

  /**
   * Removes stale, partial and superseded installs, never one being pulled; with `images` every image, too, that no
   * guest uses. `isInUse` tells whether a guest uses
   * an install: from the moment on in which find() or ensure() gave it out.
   */
  async prune(isInUse: (installDir: string) => boolean, images = false): Promise<PruneResult> {
    const isWanted = async (slug: string) => {
      const entry =
        listCatalogue(this.#registry).find(({ name }) => environmentSlug(name) === slug) ??
        (images ? undefined : await this.#findImage(slug));
      return entry !== undefined && (await this.#installs.examineAnew(entry)).install !== undefined;
    };
    return pruneCache({ cacheDir: this.cacheDir, isWanted, isInUse });
  }

  async #listImages(): Promise<CatalogueEntry[]> {
    const slugs = new Set<string>();
    for (const fileName of await listCache(this.cacheDir)) {
      const item = parseCacheName(fileName);
      if (item?.kind === "install") slugs.add(item.slug);
    }
    const entries = await Promise.all([...slugs].map((slug) => this.#findImage(slug)));
    return entries.filter((entry) => entry !== undefined);
  }

  /** The entry of an image that is installed under this slug. */
  async #findImage(slug: string): Promise<CatalogueEntry | undefined> {
    const installDir = await findCurrentDir(this.cacheDir, slug);
    const install = installDir === undefined ? undefined : await readInstall(installDir);
    if (!install?.manifest.image || environmentSlug(install.name) !== slug) return undefined;
    const entry = this.describe(install.name);
    return entry.release === "" ? entry : undefined;
  }

  async #pullLocked(
    entry: CatalogueEntry,
    wanted: Wanted,
    signal: AbortSignal | undefined,
    onProgress: OnPullProgress,
  ) {
    const { cacheDir } = this;
    try {
      await makeDirectories(cacheDir, 0o700);
      await using scope = new Scope();
      const lock = await this.#lock(entry, signal, onProgress);
      scope.defer(() => lock.release());
      // Whoever had the lock before may have done the work.
      const found = await this.#installs.examineAnew(entry);
      if (found.install && isWanted(found.install, wanted)) return found.install;
      await removePartials(cacheDir, environmentSlug(entry.name));
      const sources = this.#sources;
      await installFromSources({ entry, onProgress, cacheDir, sources, wanted: wanted.source, signal });
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

interface Wanted {
  readonly source: SourceName | undefined;
  /** Of an image. */
  readonly digest: string | undefined;
}

function isWanted({ manifest }: InstalledEnvironment, { source, digest }: Wanted): boolean {
  if (source !== undefined && manifest.source !== source) return false;
  return digest === undefined || manifest.digest === digest;
}

function summarize(entry: CatalogueEntry, { install, damage }: Examination): EnvironmentSummary {
  return { ...entry, installed: install, damage };
}
