// What is in /workspace now, as far as a diff looks at it: without any .git, and without what git ignores.

import { PyroError } from "../../contract/errors.js";
import type { GuestEntry, GuestFiles, WalkResult } from "../../guest/files.js";
import { parentOf } from "../../platform/byte-path.js";
import { formatWorkspacePath } from "../files/workspace-path.js";
import { type BaselineTree, parentsOf } from "./baseline-tree.js";
import { IgnoredPaths } from "./ignored-paths.js";

/** Paths of the baseline that git ignores once it is told to. */
export type Untracked = Pick<ReadonlyMap<string, unknown>, "has">;

export interface WorkspaceTree {
  readonly entries: ReadonlyMap<string, GuestEntry>;
  /** Paths of the baseline that the walk has left out: whether they are there is not known. */
  readonly hidden: ReadonlySet<string>;
  /** Directories with something in them, be it ignored. */
  readonly filled: ReadonlySet<string>;
  readonly ignored: readonly { readonly path: string; readonly entryCount: number }[];
  readonly bootedAtNs: bigint;
}

export interface WorkspaceTreeRequest {
  readonly files: GuestFiles;
  readonly baseline: BaselineTree;
  readonly untracked: Untracked;
  /** Only this path and what is below it; "" is all. */
  readonly path: string;
  readonly honorGitignore: boolean;
  readonly signal?: AbortSignal | undefined;
}

export async function readWorkspaceTree(request: WorkspaceTreeRequest): Promise<WorkspaceTree> {
  const { files, baseline, signal } = request;
  const walked = await walk(request);
  const ignored = new IgnoredPaths(walked.ignored);
  const entries = new Map(walked.entries.map((entry) => [entry.path, entry]));
  const missing = [...baseline.entries.keys()].filter((each) => !entries.has(each) && ignored.mayCover(each));
  const hidden = new Set(missing.filter((each) => request.untracked.has(each)));
  const tracked = await addTracked(
    entries,
    missing.filter((each) => !hidden.has(each)),
    request,
  );
  const filled = new Set(Array.from(entries.keys(), parentOf));
  const empty = [...entries.values()].filter(({ path, type }) => {
    return type === "directory" && !filled.has(path) && !baseline.entries.has(path);
  });
  for (const path of await findFilledAfterAll(empty, ignored, files, signal)) filled.add(path);
  return {
    entries,
    hidden,
    filled,
    ignored: ignored.countByName(tracked),
    bootedAtNs: walked.bootedAtNs,
  };
}

/** Git goes on tracking what it tracks, ignored or not. Returns the paths that are there. */
async function addTracked(
  entries: Map<string, GuestEntry>,
  paths: readonly string[],
  { files, signal }: WorkspaceTreeRequest,
): Promise<string[]> {
  const tracked = new Set(paths);
  // Level by level: what lies behind a link that has taken a directory's place is not what was tracked.
  const isReachable = (path: string) => {
    const parent = entries.get(parentOf(path));
    return parent ? parent.type === "directory" : !tracked.has(parentOf(path));
  };
  for (let rest = paths, depth = 1; rest.length > 0; depth++) {
    const level = rest.filter((path) => path.split("/").length === depth && isReachable(path));
    for (const entry of await files.stat(level, signal)) if (entry) entries.set(entry.path, entry);
    rest = rest.filter((path) => path.split("/").length > depth);
  }
  return paths.filter((path) => entries.has(path));
}

async function walk({
  files,
  baseline,
  path,
  honorGitignore,
  signal,
}: WorkspaceTreeRequest): Promise<WalkResult> {
  const start = path === "" ? undefined : await findStart(files, path, signal);
  if (path !== "" && !start && baseline.entries.size === 0) {
    throw new PyroError("path_not_found", `there is no ${formatWorkspacePath(path)}, and there was none`);
  }
  if (path !== "" && start?.type !== "directory") {
    return { entries: start ? [start] : [], ignored: [], truncated: false, bootedAtNs: 0n };
  }
  const walked = await files.walk({ path, recursive: true, skipGit: true, honorGitignore }, signal);
  if (!walked.truncated) return walked;
  throw new PyroError("invalid_input", `${formatWorkspacePath(path)} has too many entries for a diff`, {
    hint: "Give a path below it.",
  });
}

/** Directories in which a walk shows nothing, but which have a repository of their own or something ignored. */
async function findFilledAfterAll(
  directories: readonly GuestEntry[],
  ignored: IgnoredPaths,
  files: GuestFiles,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const paths = directories.map(({ path }) => path);
  const gits = await files.stat(
    paths.map((path) => `${path}/.git`),
    signal,
  );
  return paths.filter((path, index) => gits[index] !== undefined || ignored.mayBeIn(path));
}

/** What is at `path`; undefined when there is nothing. */
async function findStart(
  files: GuestFiles,
  path: string,
  signal: AbortSignal | undefined,
): Promise<GuestEntry | undefined> {
  const [start, ...parents] = await files.stat([path, ...parentsOf(path)], signal);
  const link = parents.find((parent) => parent?.type === "symlink");
  if (!link) return start;
  // The baseline has nothing below a link: all behind it would look added.
  throw new PyroError("invalid_input", `${formatWorkspacePath(link.path)} is a symbolic link`, {
    hint: "Give the path that it leads to.",
  });
}
