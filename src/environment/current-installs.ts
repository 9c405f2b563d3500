// The current install of each environment, and whether it is sound.

import { environmentSlug } from "./cache-names.js";
import type { CatalogueEntry } from "./catalogue.js";
import { findCurrentDir } from "./install-pointer.js";
import { resolveRecipe } from "./install-digest.js";
import { findDamage, type InstalledEnvironment, readInstall } from "./installed-environment.js";

export interface Examination {
  /** Present when it is sound and up to date. */
  readonly install?: InstalledEnvironment;
  /** Why an install that is there does not count. */
  readonly damage?: string;
}

export class CurrentInstalls {
  readonly #cacheDir: string;
  /** Verdicts of the complete check by install directory. It looks at every file: once for each is enough. */
  readonly #verdicts = new Map<string, Promise<string | undefined>>();

  constructor(cacheDir: string) {
    this.#cacheDir = cacheDir;
  }

  /** Examines the install of an environment: completely at the first call for an install, quickly from then on. */
  async examine(entry: CatalogueEntry): Promise<Examination> {
    const installDir = await this.#findDir(entry);
    if (installDir === undefined) return {};
    const install = await readInstall(installDir);
    if (install?.name !== entry.name) return { damage: "the install or its manifest is missing or damaged" };
    if (install.manifest.recipe !== resolveRecipe(entry))
      return { damage: "the catalogue asks for other contents now" };
    const damage = await this.#check(install);
    return damage === undefined ? { install } : { damage };
  }

  /** What is recorded of the install of an environment, sound or not. */
  async glance(entry: CatalogueEntry): Promise<InstalledEnvironment | undefined> {
    const installDir = await this.#findDir(entry);
    return installDir === undefined ? undefined : readInstall(installDir);
  }

  /** As examine(), completely in any case. */
  async examineAnew(entry: CatalogueEntry): Promise<Examination> {
    const installDir = await this.#findDir(entry);
    if (installDir !== undefined) this.#verdicts.delete(installDir);
    return this.examine(entry);
  }

  async #findDir(entry: CatalogueEntry): Promise<string | undefined> {
    return findCurrentDir(this.#cacheDir, environmentSlug(entry.name));
  }

  async #check(install: InstalledEnvironment): Promise<string | undefined> {
    const known = this.#verdicts.get(install.installDir);
    if (known) return known;
    const checking = findDamage(install);
    this.#verdicts.set(install.installDir, checking);
    return checking;
  }
}
