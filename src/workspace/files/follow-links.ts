// What a path of the guest leads to when its links are followed.

import { PyroError } from "../../contract/errors.js";
import { WORKSPACE_PATH } from "../../contract/limits.js";
import type { GuestEntry, GuestFiles } from "../../guest/files.js";
import { formatWorkspacePath, pathWithin } from "./workspace-path.js";

/** As Linux has it. */
const MAX_LINKS = 40;

/**
 * The entry at the end of the links, which is none itself. The guest may change it at any time: the answer spares a
 * user detours, nothing rests on it. Errors: `path_not_found`, `path_outside_workspace`, `invalid_input`, and those of
 * GuestFiles.
 */
export async function followLinks(
  files: GuestFiles,
  bytePath: string,
  signal: AbortSignal,
  root = WORKSPACE_PATH,
): Promise<GuestEntry> {
  const entry = await requireEntry(files, bytePath, bytePath, signal, root);
  // The guest itself follows the links in the parents.
  if (entry.type !== "symlink") return entry;
  const resolved = await resolveLinks(files, bytePath, signal, root);
  return requireEntry(files, resolved, bytePath, signal, root);
}

/** The path without any links. */
async function resolveLinks(
  files: GuestFiles,
  bytePath: string,
  signal: AbortSignal,
  root: string,
): Promise<string> {
  const pending = bytePath.split("/");
  const resolved: string[] = [];
  let links = 0;
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      if (resolved.pop() === undefined) throw leavesRoot(bytePath, root);
      continue;
    }
    const { type, linkTarget = "" } = await requireEntry(
      files,
      [...resolved, name].join("/"),
      bytePath,
      signal,
      root,
    );
    if (type !== "symlink") {
      resolved.push(name);
      continue;
    }
    if (++links > MAX_LINKS) {
      throw new PyroError(
        "invalid_input",
        `${formatWorkspacePath(bytePath, root)} goes through too many links`,
      );
    }
    if (linkTarget.startsWith("/")) resolved.length = 0;
    pending.unshift(...namesOf(linkTarget, bytePath, root));
  }
  return resolved.join("/");
}

/** The names of a link's target; those of an absolute one begin at the root. */
function namesOf(target: string, bytePath: string, root: string): string[] {
  if (!target.startsWith("/")) return target.split("/");
  const within = pathWithin(target, root);
  if (within === undefined) throw leavesRoot(bytePath, root);
  return within.split("/");
}

async function requireEntry(
  files: GuestFiles,
  bytePath: string,
  asked: string,
  signal: AbortSignal,
  root: string,
): Promise<GuestEntry> {
  const [entry] = await files.stat([bytePath], signal);
  if (entry) return entry;
  throw new PyroError("path_not_found", `there is no ${formatWorkspacePath(asked, root)}`);
}

function leavesRoot(bytePath: string, root: string): PyroError {
  return new PyroError(
    "path_outside_workspace",
    `${formatWorkspacePath(bytePath, root)} leads out of ${root} through a link`,
  );
}
