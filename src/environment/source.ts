// Where environments come from. A source fills an empty directory with a distribution's tree.

import type { CatalogueEntry, SourceName } from "./catalogue.js";
import type { ImageRecord } from "./image/image-record.js";
import type { OnPullProgress } from "./progress.js";

export interface SourceRequest {
  readonly entry: CatalogueEntry;
  /** The cache of environments, for what a source keeps between installs. */
  readonly cacheDir: string;
  /** Exists and is empty. The source puts the tree here, owned by this user. */
  readonly rootfsDir: string;
  /** Exists and is empty, on the same file system; for whatever the source needs meanwhile. Removed afterwards. */
  readonly workDir: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnPullProgress;
}

export type ResolveRequest = Pick<SourceRequest, "entry" | "signal" | "onProgress">;

export interface SourceResult {
  /** Where it was fetched from: URLs without credentials. */
  readonly mirrors: readonly string[];
  /** The image that the tree was made from; it has every mount point then. */
  readonly image?: ImageRecord;
}

export interface EnvironmentSource {
  readonly name: SourceName;
  /**
   * Fills `rootfsDir`. Throws source_unavailable or program_missing when another source may be tried, out_of_disk, or an AbortError;
   * no process of it is alive when it returns or throws. What it left in its directories the caller removes.
   */
  install(request: SourceRequest): Promise<SourceResult>;
  /** The digest of what an install would be made from now. Absent: the source cannot tell. */
  resolve?(request: ResolveRequest): Promise<string>;
}
