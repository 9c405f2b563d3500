// Captured layers on the disk, below `layers/` of the state: made whole or not at all, checked when they are opened,
// collected when nobody needs them.

import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { isSystemError, PyroError } from "../../contract/errors.js";
import { formatLayerId, isLayerId, type LayerId } from "../../contract/ids.js";
import { syncDirectory, writeNewDurably } from "../../platform/atomic-file.js";
import { makeDirectories } from "../../platform/make-directories.js";
import { readNames } from "../../platform/read-names.js";
import { Scope } from "../../platform/scope.js";
import type { Layer, LayeredGuest } from "../engine.js";
import { readDigest, readIdentity, sealFile, type LayerFile } from "./layer-file.js";
import { LAYER_RECORD_NAME, layerDamaged, readLayerRecord, type LayerRecord } from "./layer-record.js";
import { Leases } from "./leases.js";

export type CapturingMachine = Pick<LayeredGuest, "capture">;

export interface StoredLayer extends Layer {
  readonly kind: "capture";
  readonly label: string;
  /** Unix time, seconds. */
  readonly createdAt: number;
  /** Bytes of its files. */
  readonly sizeBytes: number;
}

const PARTIAL_PREFIX = ".partial-";
const RANDOM_BYTES = 16;
/** st_blocks counts these: stat(2). */
const BLOCK_BYTES = 512;

export class LayerStore {
  readonly #directory: string;
  readonly #leases = new Leases();
  /** Names of the directories that captures are being written to. */
  readonly #partials = new Set<string>();
  /** Files whose digest was found to be right although their identity is not the recorded one. */
  readonly #verified = new Set<string>();

  constructor(stateDir: string) {
    this.#directory = path.join(stateDir, "layers");
  }

  /**
   * Captures a guest. The layer is on the disk when this returns, and is collected when no record names it: whoever
   * needs it longer than this turn leases it.
   */
  async capture(machine: CapturingMachine, label: string, signal?: AbortSignal): Promise<StoredLayer> {
    if (!machine.capture) throw new PyroError("not_yet_available", "this guest's engine cannot capture it");
    const id = formatLayerId(randomBytes(RANDOM_BYTES));
    using _lease = this.lease(id);
    await using scope = new Scope();
    const partial = await this.#makePartial(id, scope);
    const { engineBuild } = await machine.capture(partial, signal);
    const names = await readdir(partial);
    const files = await Promise.all(names.map((name) => sealFile(partial, name)));
    signal?.throwIfAborted();
    const record = { format: 1, id, label, createdAt: Date.now() / 1000, engineBuild, files } as const;
    await writeNewDurably(path.join(partial, LAYER_RECORD_NAME), JSON.stringify(record));
    await syncDirectory(partial);
    await rename(partial, this.#pathOf(id));
    await syncDirectory(this.#directory);
    return this.#describe(record);
  }

  /** Throws `layer_damaged` when it is not there, or not as it was captured. Lease it before, and until it was used. */
  async open(id: LayerId): Promise<StoredLayer> {
    const record = await readLayerRecord(this.#pathOf(id), id);
    await Promise.all(record.files.map((file) => this.#check(id, file)));
    return this.#describe(record);
  }

  /** Keeps a layer from being collected until it is disposed of. */
  lease(id: LayerId): Disposable {
    return this.#leases.take(id);
  }

  /** Bytes of disk that it takes; 0 when it is not there. */
  async sizeBytes(id: LayerId): Promise<number> {
    return readDirectoryBytes(this.#pathOf(id));
  }

  /** The layers that are there, damaged ones as well. */
  async list(): Promise<LayerId[]> {
    return (await readNames(this.#directory)).filter(isLayerId);
  }

  /** Removes a layer, whoever needs it; guests that were started on it run on. It may be gone already. */
  async remove(id: LayerId): Promise<void> {
    await this.#remove(id);
  }

  /**
   * Removes every layer that is neither named by what `findKept` returns nor leased meanwhile, and what captures that
   * were cut short have left. Returns the bytes that were freed: those of a layer that a guest was started on come
   * free when it ends. Works on a full disk. Asked for after the look at the disk, `findKept` cannot miss a layer
   * that was captured since.
   */
  async collect(findKept: () => Promise<ReadonlySet<string>>): Promise<number> {
    using leased = this.#leases.watch();
    const names = await readNames(this.#directory);
    const abandoned = names.filter((name) => name.startsWith(PARTIAL_PREFIX) && !this.#partials.has(name));
    const kept = await findKept();
    const unused = names.filter((name) => isLayerId(name) && !kept.has(name));
    let freedBytes = 0;
    for (const name of [...abandoned, ...unused]) {
      // Asked for each: a removal takes a while, and a start may come.
      if (!leased.has(name)) freedBytes += await this.#remove(name);
    }
    return freedBytes;
  }

  async #makePartial(id: LayerId, scope: Scope): Promise<string> {
    const name = `${PARTIAL_PREFIX}${id}`;
    const partial = path.join(this.#directory, name);
    await makeDirectories(this.#directory, 0o700);
    this.#partials.add(name);
    scope.defer(() => void this.#partials.delete(name));
    scope.defer(() => rm(partial, { recursive: true, force: true }));
    await mkdir(partial, { mode: 0o700 });
    return partial;
  }

  async #check(id: LayerId, file: LayerFile): Promise<void> {
    const directory = this.#pathOf(id);
    const stats = await lstat(path.join(directory, file.name)).catch((error: unknown) => {
      const reason = isSystemError(error, "ENOENT") ? "is missing" : `cannot be read: ${String(error)}`;
      throw layerDamaged(id, `${file.name} ${reason}`, error);
    });
    if (!stats.isFile() || stats.size !== file.sizeBytes) {
      throw layerDamaged(id, `${file.name} has ${stats.size} bytes instead of ${file.sizeBytes}`);
    }
    const identity = await readIdentity(directory, file.name);
    if (identity === file.identity || this.#verified.has(identity)) return;
    const digest = await readDigest(directory, file.name).catch((error: unknown) => {
      throw layerDamaged(id, `${file.name} cannot be read: ${String(error)}`, error);
    });
    if (digest !== file.sha256) throw layerDamaged(id, `${file.name} was changed`);
    this.#verified.add(identity);
  }

  /** Returns the bytes that it took. */
  async #remove(name: string): Promise<number> {
    const directory = path.join(this.#directory, name);
    const freedBytes = await readDirectoryBytes(directory);
    // First: cut short after this, it is a layer that nobody can open, and not one that looks sound.
    await rm(path.join(directory, LAYER_RECORD_NAME), { force: true });
    await rm(directory, { recursive: true, force: true });
    return freedBytes;
  }

  #describe({ id, label, createdAt, files }: LayerRecord): StoredLayer {
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    return { id, kind: "capture", path: this.#pathOf(id), label, createdAt, sizeBytes };
  }

  #pathOf(id: LayerId): string {
    return path.join(this.#directory, id);
  }
}

async function readDirectoryBytes(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  const blocks = await Promise.all(
    names.map((name) =>
      lstat(path.join(directory, name)).then(
        (found) => found.blocks,
        () => 0,
      ),
    ),
  );
  return blocks.reduce((sum, each) => sum + each, 0) * BLOCK_BYTES;
}
