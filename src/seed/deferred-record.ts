// A file that the tar does not hold, as the seed's record keeps it.

import type { FileIdentity } from "./file-identity.js";

/** A piece of a file in the seed's own directory. */
export interface StoredPiece {
  readonly fileName: string;
  readonly offset: number;
  /** Changes with the content: a digest of it, hexadecimal. */
  readonly contentId: string;
}

export interface DeferredRecord {
  readonly path: string;
  /** Other names of it. */
  readonly links: readonly string[];
  /** `host`: the user's own file, at the same path below the seed's source. */
  readonly content:
    { readonly kind: "host"; readonly identity: FileIdentity } | ({ readonly kind: "stored" } & StoredPiece);
}
