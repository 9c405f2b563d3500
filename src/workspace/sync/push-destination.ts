// The directory of the guest that a push goes into, and what is there.

import { PyroError } from "../../contract/errors.js";
import type { GuestFiles } from "../../guest/files.js";
import { followLinks } from "../files/follow-links.js";
import { formatWorkspacePath } from "../files/workspace-path.js";
import type { GuestTree } from "./push-plan.js";

export interface PushDestination {
  /** Relative to /workspace; links are followed. */
  readonly path: string;
  readonly exists: boolean;
  /** Every .git is left out. */
  readonly tree: GuestTree;
}

/** What is at `dest`, or will be made there. Errors: `invalid_input` when it is no directory, those of followLinks. */
export async function readDestination(
  files: GuestFiles,
  dest: string,
  signal: AbortSignal,
): Promise<PushDestination> {
  refuseGit(dest);
  const [there] = await files.stat([dest], signal);
  if (!there) return { path: dest, exists: false, tree: new Map() };
  const { path, type } = await followLinks(files, dest, signal);
  refuseGit(path);
  if (type !== "directory") {
    throw new PyroError("invalid_input", `${formatWorkspacePath(dest)} is no directory`);
  }
  const { entries, truncated } = await files.walk({ path, recursive: true, skipGit: true }, signal);
  if (truncated) {
    throw new PyroError("invalid_input", `${formatWorkspacePath(dest)} holds too many files for a push`);
  }
  return { path, exists: true, tree: new Map(entries.map((entry) => [entry.path, entry])) };
}

function refuseGit(path: string): void {
  if (!path.split("/").includes(".git")) return;
  throw new PyroError(
    "invalid_input",
    `${formatWorkspacePath(path)} belongs to Git: nothing is pushed into it`,
  );
}
