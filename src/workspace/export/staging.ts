// The directory beside the output in which an export grows, and where what it replaces waits meanwhile.
//
//   .pyro-export-<16 hexadecimal digits>/   0700
//     new                                   what will be the output
//     old/<name of the output>              what was there, while the new one does not stand

import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { isSystemError, PyroError } from "../../contract/errors.js";
import { removeTree } from "../../environment/remove-tree.js";
import { HeldDirectory } from "./held-directory.js";

const STAGING_NAME = /^\.pyro-export-[0-9a-f]{16}$/;

export const NEW_NAME = "new";
export const OLD_NAME = "old";

/** Told before a staging directory is made and after it is gone, so that the next daemon knows what a dead one left. */
export interface StagingJournal {
  begin(stagingPath: string): Promise<void>;
  end(stagingPath: string): Promise<void>;
}

export function newStagingPath(parentDir: string): string {
  return path.join(parentDir, `.pyro-export-${randomBytes(8).toString("hex")}`);
}

/** Makes it and holds it open. */
export async function makeStaging(stagingPath: string): Promise<HeldDirectory> {
  await mkdir(stagingPath, { mode: 0o700 });
  const staging = await HeldDirectory.open(stagingPath);
  if (await staging.isPrivate()) return staging;
  await staging[Symbol.asyncDispose]();
  throw new PyroError("export_refused", `somebody else took ${stagingPath} away while it was made`);
}

/**
 * Removes a staging directory, whatever became of its export; one that is gone is fine. When the export got no
 * further than to set the old output aside, that is put back. Errors: `conflict` when neither can be told to be
 * superfluous; everything stays then.
 */
export async function removeStaging(stagingPath: string): Promise<void> {
  if (!path.isAbsolute(stagingPath) || !STAGING_NAME.test(path.basename(stagingPath))) {
    throw new PyroError("internal", `${stagingPath} is no staging directory of an export`);
  }
  await putBackOld(stagingPath);
  await removeTree(stagingPath);
}

async function putBackOld(stagingPath: string): Promise<void> {
  const oldDir = path.join(stagingPath, OLD_NAME);
  for (const name of await readNames(oldDir)) {
    const output = path.join(path.dirname(stagingPath), name);
    if (!(await exists(output))) {
      await rename(path.join(oldDir, name), output);
    } else if (await exists(path.join(stagingPath, NEW_NAME))) {
      // What stands there is not what was exported: it was made by somebody else, and the old one is still wanted.
      throw new PyroError("conflict", `something else took the place of ${output}`, {
        hint: `What was there is kept in ${oldDir}; move it where you want it.`,
      });
    }
  }
}

async function readNames(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return false;
    throw error;
  }
}
