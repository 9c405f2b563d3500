// What the user named as the seed: a directory or an archive, or why it can be neither.

import { accessSync, constants, realpathSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { isSystemError, PyroError } from "../../contract/errors.js";
import type { FreezeRequest } from "./freeze-context.js";
import { isInOwnDirectory } from "./own-directories.js";

export interface ResolvedSource {
  readonly kind: "directory" | "archive";
  /** Absolute, without links. */
  readonly realPath: string;
  readonly stats: Stats;
}

const ARCHIVE_NAME = /\.(tar|tar\.gz|tgz)$/i;

/** Throws seed_unusable. */
export function resolveSource(sourcePath: string, request: Pick<FreezeRequest, "ownDirs">): ResolvedSource {
  const { realPath, stats } = lookUp(sourcePath);
  if (realPath === "/")
    throw unusable("the whole file system cannot be a seed", "Give the directory of one project.");
  if (isInOwnDirectory(realPath, request)) {
    throw unusable(`${sourcePath} belongs to pyro itself`, "Give the directory of a project.");
  }
  if (stats.isDirectory()) {
    checkReadable(sourcePath, realPath, constants.R_OK | constants.X_OK);
    return { kind: "directory", realPath, stats };
  }
  if (!stats.isFile() || !(ARCHIVE_NAME.test(sourcePath) || ARCHIVE_NAME.test(realPath))) {
    throw unusable(`${sourcePath} is neither a directory nor a tar archive`);
  }
  checkReadable(sourcePath, realPath, constants.R_OK);
  return { kind: "archive", realPath, stats };
}

function lookUp(sourcePath: string) {
  try {
    const realPath = realpathSync(path.resolve(sourcePath));
    return { realPath, stats: statSync(realPath) };
  } catch (error) {
    const reason = isSystemError(error, "ENOENT", "ENOTDIR") ? "does not exist" : "cannot be reached";
    throw unusable(`${sourcePath} ${reason}`, "Give the path of a directory, .tar, .tar.gz or .tgz.", error);
  }
}

function checkReadable(sourcePath: string, realPath: string, mode: number): void {
  try {
    accessSync(realPath, mode);
  } catch (error) {
    throw unusable(`${sourcePath} cannot be read`, "Check its owner and permissions.", error);
  }
}

function unusable(message: string, hint?: string, cause?: unknown): PyroError {
  return new PyroError("seed_unusable", message, { ...(hint !== undefined && { hint }), cause });
}
