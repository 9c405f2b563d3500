// The objects of a repository for a guest: one commit without its past, and what is staged, in one pack.

import { writeFileSync } from "node:fs";
import { readFile, rename, stat } from "node:fs/promises";
import path from "node:path";
import { PACK_NAME } from "../seed-names.js";
import { formatIndex } from "./format-index.js";
import type { IndexEntry } from "./index-file.js";
import type { RepositoryView } from "./repository-view.js";
import { runGit } from "./run-git.js";

export interface RepositoryPack {
  /** As git names it, by the digest at its end: `pack-<name>.pack`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** The pack's own index. */
  readonly index: Buffer;
}

export interface PackedRepository {
  /** The commit for HEAD; undefined: there is none yet. */
  readonly commit: string | undefined;
  /** Whether the commit has parents or may have, which are left out. */
  readonly isShallow: boolean;
  /** Undefined: there are no objects. */
  readonly pack: RepositoryPack | undefined;
}

/** Why the objects cannot be had, in words. */
export interface PackingProblem {
  readonly problem: string;
}

const MISSING_OBJECTS = "the repository lacks objects, as a partial clone does, or is damaged";
/** Packs are written once and read a few times: time counts, size less. What is packed already is taken as it is. */
const QUICK = ["-c", "pack.window=0", "-c", "pack.compression=1", "-c", "core.bigFileThreshold=32m"];

/** The pack becomes the file `pack` in `seedDir`. `prefix`: only the directory of this name, as a root of its own. */
export async function packRepository(
  view: RepositoryView,
  prefix: string,
  seedDir: string,
  signal: AbortSignal,
): Promise<PackedRepository | PackingProblem> {
  const head = prefix === "" ? { commit: view.commit } : await commitSubtree(view, prefix, signal);
  if ("problem" in head) return head;
  const { commit } = head;
  const isShallow = commit !== undefined && prefix === "";
  const staged = view.index.entries.filter((entry) => prefix === "" || entry.path.startsWith(`${prefix}/`));
  if (commit === undefined && staged.length === 0) return { commit, isShallow, pack: undefined };

  // Synchronously: the thread is about to look at thousands of files, and git should run meanwhile.
  const indexFile = path.join(view.gitDir, prefix === "" ? "index" : "index-to-pack");
  if (prefix !== "") writeFileSync(indexFile, formatStaged(staged, view));
  if (isShallow) writeFileSync(path.join(view.gitDir, "shallow"), `${commit}\n`);
  const base = path.join(view.gitDir, "pack");
  const { exitCode, stdout } = await runGit({
    args: [...QUICK, "pack-objects", "--quiet", "--revs", "--indexed-objects", base],
    gitDir: view.gitDir,
    env: { GIT_INDEX_FILE: indexFile },
    stdin: commit === undefined ? "" : `${commit}\n`,
    signal,
  });
  const name = stdout.toString("latin1").trim();
  if (exitCode !== 0) return { problem: MISSING_OBJECTS };
  return {
    commit,
    isShallow,
    pack: name === "" ? undefined : await takePack(`${base}-${name}`, name, seedDir),
  };
}

/** An index with these entries, for what they name alone. */
function formatStaged(staged: readonly IndexEntry[], { config }: RepositoryView): Buffer {
  const entries = staged.map((entry) => ({ ...entry, stat: undefined }));
  return formatIndex({ entries, cacheTree: undefined }, config.objectFormat);
}

async function takePack(base: string, name: string, seedDir: string): Promise<RepositoryPack> {
  const file = path.join(seedDir, PACK_NAME);
  await rename(`${base}.pack`, file);
  const { size } = await stat(file);
  return { name, sizeBytes: size, index: await readFile(`${base}.idx`) };
}

/** A commit of a directory alone, the same for the same directory and commit; none when the commit has no such. */
async function commitSubtree(
  { gitDir, commit }: RepositoryView,
  prefix: string,
  signal: AbortSignal,
): Promise<{ commit: string | undefined } | PackingProblem> {
  if (commit === undefined) return { commit };
  const directory = Buffer.from(prefix, "latin1").toString("utf8");
  const listing = await runGit({
    args: ["ls-tree", "-z", "-d", "--full-tree", commit, "--", directory],
    gitDir,
    signal,
  });
  if (listing.exitCode !== 0) return { problem: MISSING_OBJECTS };
  const tree = /^040000 tree ([0-9a-f]+)\t/.exec(listing.stdout.toString("latin1"))?.[1];
  if (tree === undefined) return { commit: undefined };
  const made = await runGit({
    args: ["commit-tree", tree, "-m", `${directory} at ${commit}`],
    gitDir,
    env: await identityOf(gitDir, commit, signal),
    signal,
  });
  return made.exitCode === 0
    ? { commit: made.stdout.toString("latin1").trim() }
    : { problem: MISSING_OBJECTS };
}

/** Whoever asks gets the same commit: its time is that of the commit it was made of. */
async function identityOf(
  gitDir: string,
  commit: string,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const { stdout } = await runGit({ args: ["cat-file", "commit", commit], gitDir, signal });
  const time = /^committer .*> (\d+ [+-]\d{4})$/m.exec(stdout.toString("latin1"))?.[1] ?? "0 +0000";
  return {
    GIT_AUTHOR_NAME: "pyro",
    GIT_AUTHOR_EMAIL: "pyro@localhost",
    GIT_AUTHOR_DATE: time,
    GIT_COMMITTER_NAME: "pyro",
    GIT_COMMITTER_EMAIL: "pyro@localhost",
    GIT_COMMITTER_DATE: time,
  };
}
