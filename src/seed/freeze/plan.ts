// What is to become a seed: the entries, and where the content of each file comes from.

import type { SeedDirectory, SeedOrigin, SeedSymlink } from "../seed.js";
import type { WatchList } from "../watch/watch-list.js";
import type { Content } from "./content.js";
import type { SkippedPaths } from "./skipped-paths.js";

export interface PlannedFile {
  readonly type: "file";
  readonly path: string;
  readonly mode: number;
  readonly mtime: number;
  readonly sizeBytes: number;
  readonly content: Content;
  /** Equal for names of one and the same file; undefined when it has one name. */
  readonly linkId: string | undefined;
}

export type PlannedEntry = PlannedFile | SeedDirectory | SeedSymlink;

export interface Plan {
  /** Of /workspace itself, whole seconds since 1970. */
  readonly rootMtime: number;
  /** In order of the paths' bytes, with all parents. */
  readonly entries: readonly PlannedEntry[];
  /**
   * What is not known before the rest has been written, such as the pack of a `.git`: it comes after the rest.
   * `changed`: paths of files that are not in the seed as they were planned.
   */
  readonly late: (changed: ReadonlySet<string>) => Promise<readonly PlannedEntry[]>;
}

/** A source that was looked at, but not read. */
export interface Survey {
  readonly origin: SeedOrigin;
  /** Grows while the plan is made and written. */
  readonly skipped: SkippedPaths;
  /** Changes when the source does; undefined when that could not be told from what was looked at. */
  readonly fingerprint: string | undefined;
  /** What to watch, to know that the fingerprint has not changed; undefined when there is no way to know. */
  listWatched(): Promise<WatchList | undefined>;
  /** Makes the plan, which may take long. Not to be called when the fingerprint is known. */
  plan(): Promise<Plan>;
}
