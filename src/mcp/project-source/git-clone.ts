// The two questions to Git: which commit a name stands for in a repository, and the files of that commit.

import { PyroError } from "../../contract/errors.js";
import { runGit } from "./run-git.js";
import { hideCredentials } from "./repository-url.js";

export interface RemoteCommit {
  /** 40 hexadecimal digits, or 64. */
  readonly id: string;
  /** What it was found by: a full name such as `refs/heads/main`, or the id itself. */
  readonly name: string;
}

const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const ASK_TIMEOUT_MS = 60_000;
const CLONE_TIMEOUT_MS = 30 * 60_000;

/** Without `ref` the repository's HEAD. */
export async function findCommit(
  url: string,
  ref: string | undefined,
  signal: AbortSignal,
): Promise<RemoteCommit> {
  if (ref !== undefined && COMMIT_ID.test(ref)) return { id: ref, name: ref };
  const patterns = ref === undefined ? ["HEAD"] : namesOf(ref);
  const { exitCode, stdout, stderr } = await runGit(["ls-remote", "--symref", "--", url, ...patterns], {
    signal,
    timeoutMs: ASK_TIMEOUT_MS,
  });
  if (exitCode !== 0) throw unreachable(url, stderr);
  const found = ref === undefined ? findHead(stdout) : findNamed(stdout, patterns);
  if (found) return found;
  throw new PyroError("seed_unusable", `${hideCredentials(url)} has no ${ref ?? "HEAD"}`, {
    hint:
      ref === undefined
        ? "The repository is empty: start the server with another --repo-url."
        : "Start the server with a --repo-ref that is a branch, a tag or a full commit id of it.",
  });
}

/** Fetches the one commit into the empty `directory` and checks its files out. */
export async function cloneCommit(
  url: string,
  commit: RemoteCommit,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  const branch = /^refs\/heads\/(.+)$/.exec(commit.name)?.[1];
  const steps = [
    ["init", "--quiet", "--template=", `--object-format=${commit.id.length === 64 ? "sha256" : "sha1"}`],
    // By its id: a branch may have moved since it was asked for.
    ["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", url, commit.id],
    branch === undefined
      ? ["checkout", "--quiet", "--detach", "FETCH_HEAD"]
      : ["checkout", "--quiet", "-B", branch, "FETCH_HEAD"],
  ];
  for (const step of steps) {
    const { exitCode, stderr } = await runGit(step, { cwd: directory, signal, timeoutMs: CLONE_TIMEOUT_MS });
    if (exitCode !== 0) throw unreachable(url, stderr);
  }
}

/** A branch before a tag of the same name, as Git itself has it in a clone. */
function namesOf(ref: string): string[] {
  if (ref.startsWith("refs/")) return [ref];
  return [`refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`];
}

function findNamed(listing: string, names: readonly string[]): RemoteCommit | undefined {
  const ids = new Map(
    listing
      .split("\n")
      .map((line) => line.split("\t"))
      .map(([id = "", name = ""]) => [name, id]),
  );
  for (const name of names) {
    const id = ids.get(name);
    if (id !== undefined && COMMIT_ID.test(id)) return { id, name };
  }
  return undefined;
}

function findHead(listing: string): RemoteCommit | undefined {
  const branch = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(listing)?.[1];
  const head = findNamed(listing, ["HEAD"]);
  return head && branch !== undefined ? { id: head.id, name: branch } : head;
}

function unreachable(url: string, stderr: string): PyroError {
  const words = stderr.replaceAll(url, hideCredentials(url)).trim().split("\n").slice(-3).join("; ");
  return new PyroError("source_unavailable", `${hideCredentials(url)} cannot be cloned: ${words}`, {
    hint: "Try again; or tell the user to start the server with another --repo-url, or with --project-path and a checkout.",
  });
}
