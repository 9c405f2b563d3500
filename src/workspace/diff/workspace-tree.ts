// What is in /workspace now, as far as a diff looks at it: without any .git, and without what git ignores.

import { PyroError } from "../../contract/errors.js";
import type { GuestEntry, GuestFiles } from "../../guest/files.js";
import { formatWorkspacePath } from "../files/workspace-path.js";
import { type BaselineTree, parentOf, parentsOf } from "./baseline-tree.js";

export interface WorkspaceTree {
  readonly entries: ReadonlyMap<string, GuestEntry>;
  /** Directories with something in them, be it ignored. */
  readonly filled: ReadonlySet<string>;
  readonly ignored: readonly { readonly path: string; readonly entryCount: number }[];
  readonly bootedAtNs: bigint;
}

export interface WorkspaceTreeRequest {
  readonly files: GuestFiles;
  readonly baseline: BaselineTree;
  /** Only this path and what is below it; "" is all. */
  readonly path: string;
  readonly honorGitignore: boolean;
  readonly signal?: AbortSignal | undefined;
}

type Listing = Omit<WorkspaceTree, "filled">;

export async function readWorkspaceTree(request: WorkspaceTreeRequest): Promise<WorkspaceTree> {
  const { files, baseline, signal } = request;
  const listing = await list(request);
  const entries = new Map(listing.entries);
  const tracked = pathsInIgnored(baseline, listing);
  if (tracked.length > 0) {
    for (const entry of await files.stat(tracked, signal)) if (entry) entries.set(entry.path, entry);
  }
  const filled = new Set([...entries.keys(), ...listing.ignored.map(({ path }) => path)].map(parentOf));
  // A repository in a directory of its own may have nothing but its .git: it is not empty.
  const empty = [...entries.values()].filter(({ path, type }) => {
    return type === "directory" && !filled.has(path) && !baseline.entries.has(path);
  });
  const gits =
    empty.length === 0
      ? []
      : await files.stat(
          empty.map(({ path }) => `${path}/.git`),
          signal,
        );
  for (const git of gits) if (git) filled.add(parentOf(git.path));
  return { entries, filled, ignored: countIgnored(listing, entries), bootedAtNs: listing.bootedAtNs };
}

async function list({
  files,
  baseline,
  path,
  honorGitignore,
  signal,
}: WorkspaceTreeRequest): Promise<Listing> {
  const start = path === "" ? undefined : await findStart(files, path, signal);
  if (path !== "" && !start && baseline.entries.size === 0) {
    throw new PyroError("path_not_found", `there is no ${formatWorkspacePath(path)}, and there was none`);
  }
  if (path !== "" && start?.type !== "directory") {
    return { entries: new Map(start ? [[path, start]] : []), ignored: [], bootedAtNs: 0n };
  }
  const walked = await files.walk({ path, recursive: true, skipGit: true, honorGitignore }, signal);
  if (walked.truncated) throw new PyroError("internal", "the guest has listed only a part of /workspace");
  return { ...walked, entries: new Map(walked.entries.map((entry) => [entry.path, entry])) };
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

/** Paths of the baseline that the walk has left out as ignored: git goes on tracking what it tracks. */
function pathsInIgnored(baseline: BaselineTree, { entries, ignored }: Listing): string[] {
  if (ignored.length === 0) return [];
  const ignoredPaths = new Set(ignored.map(({ path }) => path));
  return [...baseline.entries.keys()].filter((path) => {
    return !entries.has(path) && findAtOrAbove(path, ignoredPaths) !== undefined;
  });
}

function findAtOrAbove(path: string, among: ReadonlySet<string>): string | undefined {
  if (among.has(path)) return path;
  for (const parent of parentsOf(path)) if (among.has(parent)) return parent;
  return undefined;
}

/** By the names in /workspace itself, less what is tracked nevertheless. */
function countIgnored(listing: Listing, entries: ReadonlyMap<string, GuestEntry>): Listing["ignored"] {
  const ignoredPaths = new Set(listing.ignored.map(({ path }) => path));
  const counts = new Map<string, number>();
  const count = (path: string, amount: number) => {
    const [top = path] = path.split("/", 1);
    counts.set(top, (counts.get(top) ?? 0) + amount);
  };
  for (const { path, entryCount } of listing.ignored) count(path, entryCount);
  for (const path of entries.keys()) {
    if (!listing.entries.has(path) && findAtOrAbove(path, ignoredPaths) !== undefined) count(path, -1);
  }
  return Array.from(counts, ([path, entryCount]) => ({ path, entryCount })).filter(
    ({ entryCount }) => entryCount > 0,
  );
}
