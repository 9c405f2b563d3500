// Repositories of a test, made by the host's git without anybody's configuration.

import { createHash } from "node:crypto";
import { lstat, mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { HOST_ENV, runProcess } from "../../../../src/platform/processes.js";
import type { FrozenSeed } from "../../../../src/seed/seed-store.js";
import { makeSeedFixture, type SeedFixture, unpack } from "../seed-fixture.js";

const ENV = {
  ...HOST_ENV,
  HOME: "/nonexistent",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "author",
  GIT_AUTHOR_EMAIL: "author@example.org",
  GIT_COMMITTER_NAME: "committer",
  GIT_COMMITTER_EMAIL: "committer@example.org",
  // It would go on behind the test's back, and write where the test removes.
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "gc.auto",
  GIT_CONFIG_VALUE_0: "0",
  // Submodules of these tests are cloned from directories.
  GIT_ALLOW_PROTOCOL: "file",
};

/** Runs git and returns its output; a failure is thrown. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProcess(["git", ...args], { cwd, env: ENV });
  if (exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Writes files by their paths below `directory`. */
export async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), text);
  }
}

/** A repository with these files in one commit on `main`. */
export async function makeRepository(
  directory: string,
  files: Readonly<Record<string, string>> = { "README.md": "hello\n", "src/main.py": "print(1)\n" },
  ...init: string[]
): Promise<void> {
  await git("/", "init", "--quiet", "--initial-branch=main", ...init, directory);
  await writeFiles(directory, files);
  await git(directory, "add", "--all");
  await git(directory, "commit", "--quiet", "--message=first");
}

export interface GitFixture extends SeedFixture {
  readonly git: (...args: string[]) => Promise<string>;
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
}

/** A fixture whose project is a repository. */
export async function makeGitFixture(files?: Readonly<Record<string, string>>): Promise<GitFixture> {
  const fixture = await makeSeedFixture();
  const { project } = fixture;
  await makeRepository(project, files);
  return {
    ...fixture,
    git: (...args) => git(project, ...args),
    write: (more) => writeFiles(project, more),
  };
}

/** What git says in the unpacked seed, without looking at files that the index vouches for. */
export interface GuestView {
  readonly workspace: string;
  /** `git status`, all untracked files named. */
  readonly status: string;
  /** Files that git would have to read to know whether they were modified, or that were. */
  readonly doubtful: string;
}

export async function viewAsGuest(frozen: FrozenSeed): Promise<GuestView> {
  const workspace = await unpack(frozen);
  const doubtful = await git(workspace, "diff-files", "--name-only");
  await git(workspace, "fsck", "--strict");
  return { workspace, doubtful, status: await statusOf(workspace) };
}

export async function statusOf(directory: string): Promise<string> {
  return git(directory, "status", "--porcelain", "--untracked-files=all");
}

/** Everything of a tree that a program could change: names, types, contents, modes and times. */
export async function fingerprint(directory: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    const file = path.join(directory, name);
    const stats = await lstat(file, { bigint: true });
    const content = stats.isFile()
      ? createHash("sha256")
          .update(await readFile(file))
          .digest("hex")
      : stats.isSymbolicLink()
        ? await readlink(file)
        : "";
    found[name] = [stats.mode, stats.mtimeNs, stats.ctimeNs, stats.ino, content].join(" ");
  }
  return found;
}
