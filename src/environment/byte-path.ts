// File names are bytes. Inside an environment's tree they are strings of one character per byte ("latin1").

import path from "node:path";

/** What to pass to node:fs for `bytePath` below `root`. */
export function joinBytePath(root: string, bytePath: string): string | Buffer {
  if (/^[\0-\x7f]*$/.test(bytePath)) return path.join(root, bytePath);
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(bytePath, "latin1")]);
}
