// Whether an export may write to a path of the host, and what it would replace there.

import type { Stats } from "node:fs";
import { lstat, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { isSystemError, PyroError } from "../../contract/errors.js";
import { readMountPoints } from "./mount-points.js";
import { toOutputError } from "./output-error.js";

export interface OutputPath {
  /** As the user gave it. */
  readonly given: string;
  /** Real path: no link is left in it. */
  readonly parentDir: string;
  readonly name: string;
  readonly existing: "nothing" | "directory" | "file";
}

export interface OutputRules {
  /** Undefined: whoever asks cannot choose to replace something. */
  readonly force: boolean | undefined;
  /** A directory that is or holds one of these is never replaced. */
  readonly protectedPaths: readonly string[];
}

/** Errors: `invalid_input`, `path_not_found` (its parent), `export_refused`, `storage_unavailable`. */
export async function judgeOutputPath(given: string, rules: OutputRules): Promise<OutputPath> {
  if (!path.isAbsolute(given) || given.includes("\0")) {
    throw new PyroError("invalid_input", `the output path ${JSON.stringify(given)} is not absolute`);
  }
  const normal = path.resolve(given);
  if (normal === "/") throw refusal(given, "is the root directory");
  const name = path.basename(normal);
  const parentDir = await resolveParent(given, path.dirname(normal));
  if (isKernelDirectory(parentDir)) throw refusal(given, "is no place for files");
  const existing = await findExisting(path.join(parentDir, name), given);
  if (!existing) return { given, parentDir, name, existing: "nothing" };
  await judgeReplacement(given, path.join(parentDir, name), existing, rules);
  return { given, parentDir, name, existing: existing.isDirectory() ? "directory" : "file" };
}

async function resolveParent(given: string, parent: string): Promise<string> {
  try {
    const parentDir = await realpath(parent);
    if ((await stat(parentDir)).isDirectory()) return parentDir;
    throw new PyroError("invalid_input", `${parent} is no directory`);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) {
      throw new PyroError("path_not_found", `there is no directory ${parent}`, {
        hint: `Make it first: mkdir -p ${parent}`,
        cause: error,
      });
    }
    throw toOutputError(error, given);
  }
}

/** What stands there, a link as itself. */
async function findExisting(file: string, given: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw toOutputError(error, given);
  }
}

async function judgeReplacement(
  given: string,
  file: string,
  existing: Stats,
  { force, protectedPaths }: OutputRules,
): Promise<void> {
  if (!existing.isFile() && !existing.isDirectory() && !existing.isSymbolicLink()) {
    throw refusal(given, "is neither a file nor a directory");
  }
  if (!force) {
    throw new PyroError("export_refused", `${given} exists already`, {
      hint: hintForExisting(existing, force),
    });
  }
  if (!existing.isDirectory()) return;
  for (const kept of [homedir(), ...protectedPaths]) {
    // What does not exist is inside of nothing.
    const real = await realpath(kept).catch(() => undefined);
    if (real !== undefined && isInside(real, file)) throw refusal(given, `holds ${kept}`);
  }
  // Removing the old directory would empty what is mounted in it.
  const mounted = (await readMountPoints()).find((mountPoint) => isInside(mountPoint, file));
  if (mounted !== undefined) throw refusal(given, `holds the mounted file system ${mounted}`);
}

function hintForExisting(existing: Stats, force: boolean | undefined): string {
  const other = existing.isDirectory() ? "Give a path inside it" : "Give another output path";
  if (force === undefined) return `${other}: nothing is replaced.`;
  return `${other}, or --force to replace ${existing.isDirectory() ? "the whole directory" : "it"}.`;
}

function isKernelDirectory(directory: string): boolean {
  if (isInside(directory, "/dev/shm")) return false;
  return ["/proc", "/sys", "/dev"].some((kernelDir) => isInside(directory, kernelDir));
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

function refusal(given: string, why: string): PyroError {
  return new PyroError("export_refused", `${given} ${why}`, { hint: "Give another output path." });
}
