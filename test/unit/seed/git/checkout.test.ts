import { appendFile, chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { filesOf, pathsOf, run } from "../seed-fixture.js";
import { fingerprint, git, makeGitFixture, statusOf, viewAsGuest, writeFiles } from "./git-fixture.js";

test("tracked files as they are and untracked ones that are not ignored are in the seed", async () => {
  const { project, git, write, freeze } = await makeGitFixture({
    ".gitignore": "*.log\n/build/\n",
    "kept.txt": "as committed\n",
    "gone.txt": "deleted later\n",
    "forced.log": "tracked although ignored\n",
  });
  await git("add", "--force", "forced.log");
  await git("commit", "--quiet", "--message=forced");
  await write({ "kept.txt": "as edited\n", "new/untracked.txt": "", "noise.log": "", "build/out": "" });
  await mkdir(path.join(project, "empty"));
  await rm(path.join(project, "gone.txt"));
  const frozen = await freeze();
  expect(filesOf(frozen.seed)).toEqual([".gitignore", "forced.log", "kept.txt", "new", "new/untracked.txt"]);
  expect(frozen.seed.origin).toMatchObject({ mode: "directory", kind: "git" });
  expect(frozen.seed.origin.ref).toBe(`main@${(await git("rev-parse", "HEAD")).slice(0, 7)}`);
  const { workspace, status } = await viewAsGuest(frozen);
  expect(await readFile(path.join(workspace, "kept.txt"), "utf8")).toBe("as edited\n");
  expect(status).toBe(await statusOf(project));
});

test("status in the guest is as on the host, and needs to read only what was modified", async () => {
  const { project, git, write, freeze } = await makeGitFixture({
    a: "1\n",
    b: "1\n",
    c: "1\n",
    d: "1\n",
    "sub/e": "1\n",
    f: "1\n",
  });
  await run(project, "touch", "--date", "2024-01-01", "a", "b", "c", "d", "sub/e", "f");
  await git("update-index", "--refresh", "-q").catch(() => "");
  await write({ a: "2\n", b: "2\n", new: "", staged: "x" });
  await git("add", "b", "staged");
  await write({ b: "3\n" });
  await git("rm", "--quiet", "c");
  await rm(path.join(project, "d"));
  await chmod(path.join(project, "sub", "e"), 0o755);
  const { status, doubtful } = await viewAsGuest(await freeze());
  expect(status).toBe(await statusOf(project));
  expect(status).toContain("MM b");
  expect(doubtful.split("\n").sort()).toEqual(["", "a", "b", "d", "sub/e"]);
});

test("a file that was edited right after it was added, with the same size, is seen as modified", async () => {
  const { git, write, freeze, project } = await makeGitFixture();
  await write({ racy: "one\n" });
  await git("add", "racy");
  await git("commit", "--quiet", "--message=racy");
  await write({ racy: "two\n" });
  const { status } = await viewAsGuest(await freeze());
  expect(status).toBe(" M racy\n");
  expect(await statusOf(project)).toBe(" M racy\n");
});

test("the repository stands by itself: one commit, the branch, nothing of the user's", async () => {
  const { git: gitHere, freeze, write, project } = await makeGitFixture();
  await write({ second: "" });
  await gitHere("add", "second");
  await gitHere("commit", "--quiet", "--message=second");
  await gitHere("tag", "v1");
  await gitHere("remote", "add", "origin", "https://user:token@example.org/x.git");
  await gitHere("config", "user.signingkey", "secret");
  await writeFile(path.join(project, ".git", "hooks", "pre-commit"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  await gitHere("stash", "list");
  const frozen = await freeze();
  const { workspace } = await viewAsGuest(frozen);
  expect(await git(workspace, "log", "--format=%s")).toBe("second\n");
  expect(await git(workspace, "rev-parse", "HEAD")).toBe(await gitHere("rev-parse", "HEAD"));
  expect(await git(workspace, "branch", "--show-current")).toBe("main\n");
  expect(await git(workspace, "remote")).toBe("");
  expect(await git(workspace, "count-objects", "-v")).toContain("packs: 1");
  expect(
    pathsOf(frozen.seed)
      .filter((name) => name.startsWith(".git/"))
      .map(withoutHash),
  ).toEqual([
    ".git/HEAD",
    ".git/config",
    ".git/index",
    ".git/info",
    ".git/info/exclude",
    ".git/objects",
    ".git/objects/info",
    ".git/objects/pack",
    ".git/objects/pack/pack.idx",
    ".git/objects/pack/pack.pack",
    ".git/packed-refs",
    ".git/refs",
    ".git/refs/heads",
    ".git/refs/tags",
    ".git/shallow",
  ]);
  const text = await run(
    path.join(workspace, ".git"),
    "grep",
    "-r",
    "-a",
    "-c",
    "token\\|secret\\|origin",
    ".",
  ).catch(() => "");
  expect(text).not.toMatch(/:[1-9]/);
});

test("commit, stash, diff and checkout work in the guest", async () => {
  const { freeze } = await makeGitFixture();
  const { workspace } = await viewAsGuest(await freeze());
  await appendFile(path.join(workspace, "README.md"), "more\n");
  expect(await git(workspace, "diff", "--stat")).toContain("1 file changed");
  await git(workspace, "stash");
  await git(workspace, "stash", "pop");
  await git(workspace, "commit", "--quiet", "--all", "--message=in the guest");
  await git(workspace, "checkout", "--quiet", "-b", "other", "HEAD~1");
  expect(await readFile(path.join(workspace, "README.md"), "utf8")).toBe("hello\n");
});

test("what is staged but not committed can be had from the index", async () => {
  const { git: gitHere, write, freeze } = await makeGitFixture();
  await write({ staged: "in the index\n" });
  await gitHere("add", "staged");
  await write({ staged: "in the tree\n" });
  const { workspace } = await viewAsGuest(await freeze());
  expect(await git(workspace, "show", ":staged")).toBe("in the index\n");
});

test("patterns of the clone, of the repository's settings and of the user hold", async () => {
  const { git: gitHere, write, freeze, project, homeDir, directory } = await makeGitFixture();
  await write({ "a.own": "", "b.user": "", "c.named": "", d: "" });
  await writeFile(path.join(project, ".git", "info", "exclude"), "*.own\n");
  await writeFiles(homeDir, { ".config/git/ignore": "*.user\n" });
  const frozen = await freeze();
  expect(filesOf(frozen.seed)).toEqual(["README.md", "c.named", "d", "src", "src/main.py"]);
  expect((await viewAsGuest(frozen)).status).toBe("?? c.named\n?? d\n");

  await writeFiles(homeDir, { ".gitconfig": "[core]\n\texcludesFile = ~/mine\n", mine: "*.named\n" });
  expect(filesOf((await freeze()).seed)).toEqual(["README.md", "b.user", "d", "src", "src/main.py"]);

  await writeFiles(directory, { patterns: "d\n" });
  await gitHere("config", "core.excludesFile", path.join(directory, "patterns"));
  expect(filesOf((await freeze()).seed)).toEqual(["README.md", "b.user", "c.named", "src", "src/main.py"]);
});

test("type changes are as in the tree, and no link is followed", async () => {
  const { project, write, freeze, directory } = await makeGitFixture({
    "file-to-dir": "",
    "dir-to-file/a": "",
    "dir-to-link/a": "",
    "file-to-link": "",
  });
  await writeFiles(directory, { "elsewhere/a": "not of the checkout" });
  for (const name of ["file-to-dir", "dir-to-file", "dir-to-link", "file-to-link"]) {
    await rm(path.join(project, name), { recursive: true });
  }
  await write({ "file-to-dir/new": "", "dir-to-file": "" });
  await symlink(path.join(directory, "elsewhere"), path.join(project, "dir-to-link"));
  await symlink("dir-to-file", path.join(project, "file-to-link"));
  const frozen = await freeze();
  expect(filesOf(frozen.seed)).toEqual([
    "dir-to-file",
    "dir-to-link",
    "file-to-dir",
    "file-to-dir/new",
    "file-to-link",
  ]);
  expect((await viewAsGuest(frozen)).status).toBe(await statusOf(project));
});

test("names of any bytes are tracked in the guest as well", async () => {
  const { project, git: gitHere, freeze } = await makeGitFixture();
  await writeFile(Buffer.concat([Buffer.from(`${project}/`), Buffer.from([0xff, 0x0a, 0x22])]), "x");
  await writeFile(path.join(project, "y".repeat(200)), "y");
  await gitHere("add", "--all");
  await gitHere("commit", "--quiet", "--message=names");
  expect((await viewAsGuest(await freeze())).status).toBe("");
});

test("an ignored file makes no other seed", async () => {
  const { write, freeze, project } = await makeGitFixture({ ".gitignore": "*.log\n", "sub/file": "" });
  const first = await freeze();
  await write({ "sub/noise.log": "", "noise.log": "" });
  const second = await freeze();
  expect(second).toMatchObject({ reused: true, seed: { digest: first.seed.digest } });
  await run(project, "touch", "--date", "2024-01-01", ".", "sub");
  expect((await freeze()).reused).toBe(true);
});

test.each([
  ["a commit", (project: string) => git(project, "commit", "--quiet", "--allow-empty", "--message=more")],
  ["another branch", (project: string) => git(project, "checkout", "--quiet", "-b", "other")],
  ["something staged", (project: string) => git(project, "rm", "--quiet", "--cached", "README.md")],
  ["an untracked file", (project: string) => writeFile(path.join(project, "new"), "")],
])("%s makes another seed", async (_, change) => {
  const { project, freeze } = await makeGitFixture();
  const { seed } = await freeze();
  await change(project);
  const changed = await freeze();
  expect(changed.seed.digest).not.toBe(seed.digest);
  expect((await viewAsGuest(changed)).status).toBe(await statusOf(project));
});

test("the repository of the user is not written to", async () => {
  const { project, write, freeze } = await makeGitFixture();
  await write({ "README.md": "edited\n", untracked: "" });
  await run(project, "touch", "src/main.py");
  const before = await fingerprint(project);
  await freeze();
  expect(await fingerprint(project)).toEqual(before);
});

test("files are owned by root and the repository is trusted there", async () => {
  const { freeze } = await makeGitFixture();
  const { seed } = await freeze();
  const owners = await run("/", "tar", "--list", "--verbose", "--numeric-owner", "--file", seed.tarPath);
  expect(
    owners
      .trimEnd()
      .split("\n")
      .every((line) => / 0\/0 /.test(line)),
  ).toBe(true);
});

function withoutHash(name: string): string {
  return name.replace(/pack-[0-9a-f]{40}/, "pack");
}
