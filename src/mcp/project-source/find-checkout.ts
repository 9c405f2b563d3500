// The Git checkout that a directory is in, by what lies on the disk: no program runs.

import { statSync } from "node:fs";
import path from "node:path";

/** The nearest directory from `directory` upwards that has a `.git`: a directory, or a file in a worktree. */
export function findCheckout(directory: string): string | undefined {
  if (isGitEntry(path.join(directory, ".git"))) return directory;
  const parent = path.dirname(directory);
  return parent === directory ? undefined : findCheckout(parent);
}

function isGitEntry(entry: string): boolean {
  try {
    const found = statSync(entry);
    return found.isFile() || statSync(path.join(entry, "HEAD")).isFile();
  } catch {
    // Not there, or not to be looked at: then it is nobody's checkout here.
    return false;
  }
}
