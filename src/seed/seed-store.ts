// The seeds of this state: host projects, frozen so that any number of workspaces can start from them.

import { open, realpath, rm, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { isSystemError, PyroError } from "../contract/errors.js";
import { makeDirectories } from "../platform/make-directories.js";
import { toReadablePath } from "../platform/byte-path.js";
import { readNames } from "../platform/read-names.js";
import { collectSeeds } from "./collect-seeds.js";
import { listDeferred } from "./deferred-content.js";
import { findKnownSource, type KnownSource, rememberSource } from "./fingerprint-cache.js";
import type { SourceFacts } from "./freeze/freeze-outcome.js";
import type { FreezeHooks, Freezer } from "./freezer.js";
import { KeyedTurns } from "./keyed-turns.js";
import { isStillSound, type OpenedSeed, openSeed } from "./open-seed.js";
import type { DeferredFile, Seed, SeedFile } from "./seed.js";
import { isSeedDigest, partialPath, seedPath } from "./seed-names.js";
import { storeSeed } from "./store-seed.js";
import { ThreadFreezer } from "./worker/thread-freezer.js";

export type { FreezeProgress } from "./freeze/freeze-context.js";

export interface SeedStoreOptions {
  readonly stateDir: string;
  /** Other directories of ours, such as the cache: no seed holds them. */
  readonly ownDirs?: readonly string[];
  /** Bytes of content that a layer's tar may hold: a guest keeps all of it in memory while it starts. */
  readonly tarBudgetBytes?: number;
  /** Where the user's Git configuration is. */
  readonly homeDir?: string;
  readonly freezer?: Freezer;
}

export interface FrozenSeed {
  readonly seed: Seed;
  /** To be written into a guest that started on the tar, in this order. */
  readonly deferred: readonly DeferredFile[];
  /** Whether the store had it already. */
  readonly reused: boolean;
}

const DEFAULT_TAR_BUDGET_BYTES = 96 * 1024 * 1024;
/** A seed that was handed out is needed before anybody has written down that it is. */
const HANDED_OUT_MS = 600_000;

export class SeedStore {
  readonly #seedsDir: string;
  readonly #options: Required<SeedStoreOptions>;
  readonly #threads = new ThreadFreezer();
  /** By the paths of sources, and by digests. */
  readonly #turns = new KeyedTurns();
  /** Names of directories that are being made. */
  readonly #busy = new Set<string>();
  /** When each seed was handed out last, milliseconds of the monotonic clock. */
  readonly #handedOutAt = new Map<string, number>();
  /** Reading a manifest of 10,000 entries anew for every diff takes as long as the rest of it. */
  readonly #opened = new Map<string, WeakRef<OpenedSeed>>();

  constructor(options: SeedStoreOptions) {
    this.#seedsDir = path.join(options.stateDir, "seeds");
    this.#options = {
      ownDirs: [],
      tarBudgetBytes: DEFAULT_TAR_BUDGET_BYTES,
      homeDir: homedir(),
      freezer: (request, hooks) => this.#threads.freeze(request, hooks),
      ...options,
    };
  }

  /**
   * Freezes what is at `path` (a directory, or a tar archive, plain or gzipped), or an empty workspace. A source that
   * has not changed since it was frozen is not read again; calls for one source run one after the other. Throws
   * seed_unusable, out_of_disk or storage_unavailable, and leaves nothing then.
   */
  async freeze(source: { readonly path: string | undefined }, hooks: FreezeHooks): Promise<FrozenSeed> {
    const sourcePath = source.path === undefined ? undefined : path.resolve(source.path);
    const realPath = sourcePath === undefined ? "" : await resolveLinks(sourcePath);
    return this.#turns.take(realPath, hooks.signal, async () => {
      try {
        return await this.#freeze(sourcePath, realPath, hooks);
      } catch (error) {
        throw toStorageError(error, this.#seedsDir);
      }
    });
  }

  /** The digests of all seeds. */
  async list(): Promise<string[]> {
    return (await readNames(this.#seedsDir)).filter(isSeedDigest);
  }

  /** Throws layer_damaged when the seed is not there or not whole. */
  async open(digest: string): Promise<Seed> {
    const { seed } = await this.#open(digest);
    return seed;
  }

  /** The whole content of a file; it is not for large ones. The tar must hold it. */
  async readContent(seed: Seed, { path: name, offset, sizeBytes }: SeedFile): Promise<Uint8Array> {
    if (offset === undefined) throw new RangeError(`${toReadablePath(name)} is not in the seed's tar`);
    const tar = await open(seed.tarPath, "r");
    try {
      const { buffer, bytesRead } = await tar.read(Buffer.alloc(sizeBytes), 0, sizeBytes, offset);
      if (bytesRead === sizeBytes) return buffer;
      throw new PyroError("layer_damaged", `the tar of the seed ${seed.digest.slice(0, 12)} is too short`);
    } finally {
      await tar.close();
    }
  }

  /**
   * Removes unfinished seeds, and those that are not in `keep` but for a few that were used last. Returns the bytes of
   * disk that were freed.
   */
  async collect(keep: ReadonlySet<string>): Promise<number> {
    for (const [digest, atMs] of this.#handedOutAt) {
      if (performance.now() - atMs > HANDED_OUT_MS) this.#handedOutAt.delete(digest);
    }
    const needed = new Set([...keep, ...this.#handedOutAt.keys()]);
    return collectSeeds({ seedsDir: this.#seedsDir, keep: needed, busy: this.#busy });
  }

  /** Ends what runs beside the daemon. */
  async close(): Promise<void> {
    await this.#threads.close();
  }

  async #freeze(sourcePath: string | undefined, realPath: string, hooks: FreezeHooks): Promise<FrozenSeed> {
    const known = await this.#findKnown(realPath);
    const partialDir = partialPath(this.#seedsDir);
    this.#busy.add(path.basename(partialDir));
    try {
      await makeDirectories(partialDir, 0o700);
      const outcome = await this.#options.freezer(
        {
          sourcePath,
          seedDir: partialDir,
          knownFingerprint: known?.source.fingerprint,
          ownDirs: await this.#resolveOwnDirs(),
          tarBudgetBytes: this.#options.tarBudgetBytes,
          homeDir: this.#options.homeDir,
        },
        hooks,
      );
      if (outcome.kind === "unchanged") {
        if (!known) throw new Error("a source that was never frozen cannot be unchanged");
        const opened = await this.#open(known.digest);
        return await this.#handOut(opened, known.source, { sourcePath, realPath, reused: true });
      }
      const { seed, source } = outcome;
      // Two sources may have the same content at the same moment.
      const { reused, ...opened } = await this.#turns.take(seed.digest, hooks.signal, () =>
        storeSeed(this.#seedsDir, partialDir, seed, source),
      );
      await rememberSource(this.#seedsDir, realPath, { digest: seed.digest, source });
      return await this.#handOut(opened, source, { sourcePath, realPath, reused });
    } finally {
      await rm(partialDir, { recursive: true, force: true });
      this.#busy.delete(path.basename(partialDir));
    }
  }

  /** What the source was frozen as, if that seed is sound. */
  async #findKnown(realPath: string): Promise<KnownSource | undefined> {
    const known = await findKnownSource(this.#seedsDir, realPath);
    if (!known) return undefined;
    this.#handedOutAt.set(known.digest, performance.now());
    const sound = await this.#open(known.digest).catch(() => undefined);
    return sound && known;
  }

  async #handOut(
    opened: OpenedSeed,
    { origin, skipped, skippedCount }: SourceFacts,
    { sourcePath, realPath, reused }: { sourcePath: string | undefined; realPath: string; reused: boolean },
  ): Promise<FrozenSeed> {
    const { digest } = opened.seed;
    this.#opened.set(digest, new WeakRef(opened));
    this.#handedOutAt.set(digest, performance.now());
    // Its time tells collect() which seeds were used last.
    const now = new Date();
    await utimes(seedPath(this.#seedsDir, digest), now, now);
    // What a seed holds may have come from elsewhere before.
    const seed = { ...opened.seed, origin: { ...origin, path: sourcePath }, skipped, skippedCount };
    const places = { seedsDir: this.#seedsDir, sourceDir: realPath };
    return { seed, deferred: listDeferred(seed, opened.record.seed.deferred, places), reused };
  }

  async #open(digest: string): Promise<OpenedSeed> {
    const known = this.#opened.get(digest)?.deref();
    if (known && (await isStillSound(known))) return known;
    const opened = await openSeed(this.#seedsDir, digest);
    this.#opened.set(digest, new WeakRef(opened));
    return opened;
  }

  async #resolveOwnDirs(): Promise<string[]> {
    const { stateDir, ownDirs } = this.#options;
    return Promise.all([stateDir, ...ownDirs].map((directory) => resolveLinks(path.resolve(directory))));
  }
}

/** As it is when it cannot be resolved: whoever uses the path says what is wrong with it. */
async function resolveLinks(hostPath: string): Promise<string> {
  return realpath(hostPath).catch(() => hostPath);
}

function toStorageError(error: unknown, seedsDir: string): unknown {
  if (error instanceof PyroError) return error;
  if (isSystemError(error, "ENOSPC", "EDQUOT")) {
    return new PyroError("out_of_disk", `no space left for seeds in ${seedsDir}`, { cause: error });
  }
  if (isSystemError(error, "EACCES", "EPERM", "EROFS")) {
    return new PyroError("storage_unavailable", `cannot write to ${seedsDir}`, { cause: error });
  }
  return error;
}
