// What git would call untracked in a directory of a checkout, without what is ignored.

import { PyroError } from "../../contract/errors.js";
import type { RepositoryView } from "./repository-view.js";
import { runGit } from "./run-git.js";

export interface Untracked {
  /** Relative to the directory. */
  readonly files: readonly string[];
  /** Directories that are checkouts of their own. */
  readonly repositories: readonly string[];
}

/** `directory`: absolute, in the view's checkout. Throws seed_unusable when git fails. */
export async function listUntracked(
  view: RepositoryView,
  directory: string,
  signal: AbortSignal,
): Promise<Untracked> {
  const { exitCode, stdout, stderr } = await runGit({
    args: [...excludesOf(view), "ls-files", "-z", "--others", "--exclude-standard"],
    gitDir: view.gitDir,
    workTree: view.checkout.top,
    cwd: directory,
    signal,
  });
  if (exitCode !== 0) {
    throw new PyroError("seed_unusable", `git cannot list ${directory}: ${lastLine(stderr)}`);
  }
  const paths = stdout.toString("latin1").split("\0").slice(0, -1);
  return {
    files: paths.filter((path) => !path.endsWith("/")),
    repositories: paths.filter((path) => path.endsWith("/")).map((path) => path.slice(0, -1)),
  };
}

/** Those of `paths`, relative to the directory, that are ignored. */
export async function findIgnored(
  view: RepositoryView,
  directory: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const { stdout } = await runGit({
    args: [...excludesOf(view), "check-ignore", "-z", "--stdin"],
    gitDir: view.gitDir,
    workTree: view.checkout.top,
    cwd: directory,
    stdin: Buffer.from(`${paths.join("\0")}\0`, "latin1"),
    signal,
  });
  return new Set(stdout.toString("latin1").split("\0"));
}

function excludesOf({ userExcludes }: RepositoryView): string[] {
  return ["-c", `core.excludesFile=${userExcludes ?? "/dev/null"}`];
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
