// What of a checkout goes into a seed: the things that git names, looked at, with the directories above them.

import { compareBytePaths, parentOf } from "../../platform/byte-path.js";
import type { FreezeContext } from "../freeze/freeze-context.js";
import { type HostEntry, lookAt } from "../freeze/host-entry.js";
import { isOwnDirectory } from "../freeze/own-directories.js";
import type { SkippedPaths } from "../freeze/skipped-paths.js";

export class CheckoutTree {
  readonly root: string;
  readonly #context: FreezeContext;
  readonly #skipped: SkippedPaths;
  readonly #entries = new Map<string, HostEntry>();
  /** Directories that were looked at; undefined: it is none, or nothing in it is wanted. */
  readonly #directories = new Map<string, HostEntry | undefined>();

  /** `root`: the seed's, absolute. */
  constructor(root: string, context: FreezeContext, skipped: SkippedPaths) {
    this.root = root;
    this.#context = context;
    this.#skipped = skipped;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Adds the file or link at `path`, if there is one and its parents are directories: no link is followed. */
  addFile(path: string): void {
    if (!this.#isReachable(path)) return;
    const entry = lookAt(this.root, path);
    if (entry?.type === "other") this.#skipped.add(path, "a socket, FIFO or device");
    else if (entry && entry.type !== "directory") this.#entries.set(path, entry);
  }

  /** Adds a directory that stays even when nothing in it is wanted. Returns whether it is one. */
  addDirectory(path: string): boolean {
    const entry = this.#isReachable(path) ? this.#lookAtDirectory(path) : undefined;
    if (entry) this.#entries.set(path, entry);
    return entry !== undefined;
  }

  /** Adds what was looked at already. */
  addAll(entries: readonly HostEntry[]): void {
    for (const entry of entries) this.#entries.set(entry.path, entry);
  }

  /**
   * All that was added, with parents, in order of the paths' bytes. A directory is as new as the newest thing in it:
   * its own times tell of ignored files, which must not make another seed.
   */
  finish(): HostEntry[] {
    const entries = [...this.#entries.values()];
    for (const { path } of entries) this.#collectParents(path, entries);
    entries.sort(compareBytePaths);
    const newest = new Map<string, number>();
    for (const { path, type, identity } of entries.toReversed()) {
      const mtimeMs = type === "directory" ? (newest.get(path) ?? 0) : identity.mtimeMs;
      const parent = parentOf(path);
      newest.set(parent, Math.max(newest.get(parent) ?? 0, mtimeMs));
    }
    return entries.map((entry) =>
      entry.type === "directory" ? withTimeOf(entry, newest.get(entry.path) ?? 0) : entry,
    );
  }

  #collectParents(path: string, entries: HostEntry[]): void {
    const parent = parentOf(path);
    if (parent === "" || this.#entries.has(parent)) return;
    const entry = this.#lookAtDirectory(parent);
    if (!entry) return;
    this.#entries.set(parent, entry);
    entries.push(entry);
  }

  /** Whether all parents of `path` are directories that are wanted. */
  #isReachable(path: string): boolean {
    const parent = parentOf(path);
    return parent === "" || (this.#isReachable(parent) && this.#lookAtDirectory(parent) !== undefined);
  }

  #lookAtDirectory(path: string): HostEntry | undefined {
    if (this.#directories.has(path)) return this.#directories.get(path);
    const entry = lookAt(this.root, path);
    const isWanted = entry?.type === "directory" && !this.#isOwn(path);
    this.#directories.set(path, isWanted ? entry : undefined);
    return isWanted ? entry : undefined;
  }

  #isOwn(path: string): boolean {
    const isOwn = isOwnDirectory(this.root, path, this.#context.request);
    if (isOwn) this.#skipped.add(path, "it belongs to pyro itself");
    return isOwn;
  }
}

function withTimeOf(entry: HostEntry, mtimeMs: number): HostEntry {
  return { ...entry, identity: { dev: 0, ino: 0, sizeBytes: 0, mtimeMs, ctimeMs: 0 } };
}
