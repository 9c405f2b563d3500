// What has to be watched, to know that a source has not changed.

import { joinBytePath } from "../../platform/byte-path.js";
import type { HostEntry } from "../freeze/host-entry.js";

export interface WatchList {
  /** Whatever happens in one of them may change the seed. For node:fs. */
  readonly directories: readonly (string | Buffer)[];
  /** Files that have to stay as they are, and may be changed from elsewhere; some may not exist. For node:fs. */
  readonly files: readonly (string | Buffer)[];
}

/** Every watch costs memory of the kernel's: a larger source is looked at anew each time. */
const DIRECTORIES_MAX = 5000;
const FILES_MAX = 2000;

/**
 * The list for a tree: `entries` below `root`, and more that has to stay as it is. Undefined: it is too large, or a
 * part of it is on another file system, which may not tell what happens.
 */
export function listTree(
  root: string,
  device: number,
  entries: readonly HostEntry[],
  more: WatchList,
): WatchList | undefined {
  const directories: (string | Buffer)[] = [root, ...more.directories];
  const files = [...more.files];
  for (const { path, type, linkCount, identity } of entries) {
    if (type === "directory") directories.push(joinBytePath(root, path));
    else if (identity.dev !== device) return undefined;
    // What is done to a file under another name is not told in this directory.
    if (type === "file" && linkCount > 1) files.push(joinBytePath(root, path));
  }
  return directories.length > DIRECTORIES_MAX || files.length > FILES_MAX
    ? undefined
    : { directories, files };
}
