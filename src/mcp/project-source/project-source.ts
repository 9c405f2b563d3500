// Where workspaces start from when a call does not say: decided once, when the server starts, and never asked again.

export type ProjectSource =
  /** Workspaces start empty. */
  | { readonly kind: "none" }
  /** A directory or an archive of the host. */
  | {
      readonly kind: "path";
      /** Absolute. */
      readonly path: string;
      /** What has named it: a flag, a variable, the working directory. */
      readonly namedBy: string;
    }
  /** A repository, of which a clean clone is made. */
  | { readonly kind: "repository"; readonly url: string; readonly ref: string | undefined }
  /** Whatever the client says when it is asked. */
  | { readonly kind: "client" };
