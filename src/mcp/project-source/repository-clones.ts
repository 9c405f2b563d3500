// Clean clones of repositories, one directory for each commit, kept in the cache.

import { createHash } from "node:crypto";
import { mkdir, rename, rm, utimes } from "node:fs/promises";
import path from "node:path";
import type { OnEvent } from "../../contract/events.js";
import { acquireFileLock } from "../../platform/file-lock.js";
import { makeDirectories } from "../../platform/make-directories.js";
import { cloneCommit, findCommit, type RemoteCommit } from "./git-clone.js";
import { LOCK_NAME, newPartial, pruneClones, removePartials } from "./prune-clones.js";
import { hideCredentials, parseRepositoryRef, parseRepositoryUrl } from "./repository-url.js";

/** A branch is asked again where it is after this long. */
const COMMIT_KNOWN_MS = 60_000;

export interface Repository {
  readonly url: string;
  readonly ref: string | undefined;
}

export interface CloneOptions {
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
}

export class RepositoryClones {
  readonly #directory: string;
  readonly #known = new Map<string, { readonly commit: RemoteCommit; readonly askedMs: number }>();

  /** Makes nothing before the first clone. */
  constructor(cacheDir: string) {
    this.#directory = path.join(cacheDir, "repos");
  }

  /** The directory of a clone of what `ref` names now. Processes that want the same one do the work once. */
  async ensure(repository: Repository, options: CloneOptions): Promise<string> {
    const url = parseRepositoryUrl(repository.url);
    const ref = repository.ref === undefined ? undefined : parseRepositoryRef(repository.ref);
    const commit = await this.#findCommit(url, ref, options.signal);
    const home = path.join(this.#directory, createHash("sha256").update(url).digest("hex").slice(0, 16));
    const clone = path.join(home, commit.id);
    if (await markUsed(clone)) return clone;
    await makeDirectories(home, 0o700);
    await makeOnce(url, commit, { home, clone, ...options });
    await pruneClones(this.#directory);
    return clone;
  }

  async #findCommit(url: string, ref: string | undefined, signal: AbortSignal): Promise<RemoteCommit> {
    const key = `${url}\0${ref ?? ""}`;
    const known = this.#known.get(key);
    if (known && performance.now() - known.askedMs < COMMIT_KNOWN_MS) return known.commit;
    const askedMs = performance.now();
    const commit = await findCommit(url, ref, signal);
    this.#known.set(key, { commit, askedMs });
    return commit;
  }
}

interface Place extends CloneOptions {
  readonly home: string;
  readonly clone: string;
}

async function makeOnce(url: string, commit: RemoteCommit, place: Place): Promise<void> {
  const { home, clone, signal, onEvent } = place;
  await using _lock = await acquireFileLock(path.join(home, LOCK_NAME), signal);
  if (await markUsed(clone)) return;
  await onEvent({
    type: "progress",
    tag: "project",
    fields: { phase: "clone", repository: hideCredentials(url), commit: commit.id },
  });
  await removePartials(home);
  await makeClone(url, commit, place);
}

// Renamed into place when it is whole: a directory with a commit's name is never half a clone.
async function makeClone(url: string, commit: RemoteCommit, { home, clone, signal }: Place): Promise<void> {
  const partial = newPartial(home);
  try {
    await mkdir(partial, { mode: 0o700 });
    await cloneCommit(url, commit, partial, signal);
    await rename(partial, clone);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** False when there is no such clone. The time is what `pruneClones` goes by. */
async function markUsed(clone: string): Promise<boolean> {
  const now = new Date();
  return utimes(clone, now, now).then(
    () => true,
    () => false,
  );
}
