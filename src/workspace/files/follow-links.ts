// What a path of the guest leads to when its links are followed.

import { PyroError } from "../../contract/errors.js";
import { WORKSPACE_PATH } from "../../contract/limits.js";
import type { GuestEntry, GuestFiles } from "../../guest/files.js";
import { formatWorkspacePath } from "./workspace-path.js";

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
): Promise<GuestEntry> {
  const entry = await requireEntry(files, bytePath, bytePath, signal);
  // The guest itself follows the links in the parents.
  if (entry.type !== "symlink") return entry;
  const resolved = await resolveLinks(files, bytePath, signal);
  return requireEntry(files, resolved, bytePath, signal);
}

/** The path without any links. */
async function resolveLinks(files: GuestFiles, bytePath: string, signal: AbortSignal): Promise<string> {
  const pending = bytePath.split("/");
  const resolved: string[] = [];
  let links = 0;
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      if (resolved.pop() === undefined) throw leavesWorkspace(bytePath);
      continue;
    }
    const { type, linkTarget = "" } = await requireEntry(
      files,
      [...resolved, name].join("/"),
      bytePath,
      signal,
    );
    if (type !== "symlink") {
      resolved.push(name);
      continue;
    }
    if (++links > MAX_LINKS) {
      throw new PyroError("invalid_input", `${formatWorkspacePath(bytePath)} goes through too many links`);
    }
    if (linkTarget.startsWith("/")) resolved.length = 0;
    pending.unshift(...namesOf(linkTarget, bytePath));
  }
  return resolved.join("/");
}

/** The names of a link's target; those of an absolute one begin at /workspace. */
function namesOf(target: string, bytePath: string): string[] {
  if (!target.startsWith("/")) return target.split("/");
  if (target !== WORKSPACE_PATH && !target.startsWith(`${WORKSPACE_PATH}/`)) throw leavesWorkspace(bytePath);
  return target.slice(WORKSPACE_PATH.length).split("/");
}

async function requireEntry(
  files: GuestFiles,
  bytePath: string,
  asked: string,
  signal: AbortSignal,
): Promise<GuestEntry> {
  const [entry] = await files.stat([bytePath], signal);
  if (entry) return entry;
  throw new PyroError("path_not_found", `there is no ${formatWorkspacePath(asked)}`);
}

function leavesWorkspace(bytePath: string): PyroError {
  return new PyroError(
    "path_outside_workspace",
    `${formatWorkspacePath(bytePath)} leads out of ${WORKSPACE_PATH} through a link`,
  );
}
