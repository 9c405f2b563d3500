// File names are bytes: where they may be anything they are strings of one character per byte ("latin1").

import path from "node:path";

/** Longest path and longest name on Linux, bytes: PATH_MAX of limits.h without its closing NUL, and NAME_MAX. */
export const PATH_MAX_BYTES = 4095;
export const NAME_MAX_BYTES = 255;

const ASCII = /^[\0-\x7f]*$/;

/**
 * What to pass to node:fs for the plain `bytePath` below `root`, which is a path as the host's own programs spell it.
 */
export function joinBytePath(root: string, bytePath: string): string | Buffer {
  if (bytePath === "") return root;
  if (ASCII.test(bytePath)) return `${root}/${bytePath}`;
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(bytePath, "latin1")]);
}

/** A path as the host's own programs spell it, one character per byte. */
export function toBytePath(hostPath: string): string {
  return Buffer.from(hostPath).toString("latin1");
}

/** For people: what is not UTF-8 is replaced. */
export function toReadablePath(bytePath: string): string {
  return ASCII.test(bytePath) ? bytePath : Buffer.from(bytePath, "latin1").toString("utf8");
}

/** The path of the directory that holds `bytePath`; "" for a name at the top. */
export function parentOf(bytePath: string): string {
  return bytePath.slice(0, Math.max(0, bytePath.lastIndexOf("/")));
}

/** Orders paths by their bytes: every parent comes before what is in it. */
export function compareBytePaths(left: { readonly path: string }, right: { readonly path: string }): number {
  if (left.path === right.path) return 0;
  return left.path < right.path ? -1 : 1;
}

/** `bytePath` below `root` for programs that take arguments in UTF-8; undefined when it has no such form. */
export function toHostPath(root: string, bytePath: string): string | undefined {
  const readable = toReadablePath(bytePath);
  return toBytePath(readable) === bytePath ? path.join(root, readable) : undefined;
}
