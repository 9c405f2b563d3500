// What a walk has left out because git ignores it.

import type { WalkResult } from "../../guest/files.js";
import { parentOf } from "../../platform/byte-path.js";
import { parentsOf } from "./baseline-tree.js";

export class IgnoredPaths {
  readonly #ignored: WalkResult["ignored"];
  readonly #paths: ReadonlySet<string>;
  readonly #parents: ReadonlySet<string>;

  constructor(ignored: WalkResult["ignored"]) {
    this.#ignored = ignored;
    this.#paths = new Set(ignored.map(({ path }) => path));
    this.#parents = new Set(ignored.map(({ path }) => parentOf(path)));
  }

  /** The path may be ignored: of many, a walk names only a directory above them, or "" for all. */
  mayCover(path: string): boolean {
    if (this.#paths.size === 0) return false;
    return (
      this.#paths.has(path) || this.#paths.has("") || parentsOf(path).some((each) => this.#paths.has(each))
    );
  }

  /** Something in this directory may be ignored. */
  mayBeIn(directory: string): boolean {
    return this.mayCover(directory) || this.#parents.has(directory);
  }

  /** By the names in /workspace itself, "." for all together; without `tracked`, paths which the walk has ignored. */
  countByName(tracked: readonly string[]): WalkResult["ignored"] {
    const counts = new Map<string, number>();
    const count = (path: string, amount: number) => {
      const [name = path] = path.split("/", 1);
      const known = name === "" ? "." : name;
      counts.set(known, (counts.get(known) ?? 0) + amount);
    };
    for (const { path, entryCount } of this.#ignored) count(path, entryCount);
    for (const path of tracked) count(this.#paths.has("") ? "" : path, -1);
    return Array.from(counts, ([path, entryCount]) => ({ path, entryCount })).filter(
      ({ entryCount }) => entryCount > 0,
    );
  }
}
