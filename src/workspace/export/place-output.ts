// The last step of an export: what was staged gets its name.

import { link, mkdir, rename, unlink } from "node:fs/promises";
import path from "node:path";
import { isSystemError, PyroError } from "../../contract/errors.js";
import { NEW_NAME, OLD_NAME } from "./staging.js";
import type { OutputPath } from "./output-path.js";

export interface Placement {
  /** Paths that are valid whatever happens to the directories' names. */
  readonly parentDir: string;
  readonly stagingDir: string;
  readonly output: OutputPath;
  readonly artifactType: "file" | "directory";
}

/**
 * Gives `new` of the staging directory the output's name. Without an existing output nothing is replaced, even if
 * something has appeared there. With one it is replaced as a whole: a link itself, not what it points to. When
 * that fails, the old one stands as before.
 */
export async function placeOutput({ parentDir, stagingDir, output, artifactType }: Placement): Promise<void> {
  const staged = path.join(stagingDir, NEW_NAME);
  const target = path.join(parentDir, output.name);
  if (output.existing === "nothing") await placeOnNothing(staged, target, output.given, artifactType);
  else if (output.existing === "file" && artifactType === "file") await rename(staged, target);
  else await swap(staged, target, path.join(stagingDir, OLD_NAME));
}

async function placeOnNothing(
  staged: string,
  target: string,
  given: string,
  artifactType: "file" | "directory",
): Promise<void> {
  try {
    // rename(2) of a directory fails on all but an empty directory; of a file it would replace one.
    if (artifactType === "directory") await rename(staged, target);
    else await linkAndUnlink(staged, target);
  } catch (error) {
    if (!isSystemError(error, "EEXIST", "ENOTEMPTY", "ENOTDIR")) throw error;
    throw new PyroError("export_refused", `${given} has appeared meanwhile`, { cause: error });
  }
}

async function linkAndUnlink(staged: string, target: string): Promise<void> {
  try {
    await link(staged, target);
  } catch (error) {
    // A file system without hard links, such as that of a memory stick.
    if (!isSystemError(error, "EPERM", "ENOTSUP", "EMLINK")) throw error;
    await rename(staged, target);
    return;
  }
  await unlink(staged);
}

/** Whoever clears the staging directory puts the old one back where the new one does not stand. */
async function swap(staged: string, target: string, oldDir: string): Promise<void> {
  await mkdir(oldDir, { mode: 0o700 });
  await rename(target, path.join(oldDir, path.basename(target)));
  await rename(staged, target);
}
