import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { filesOf, makeSeedFixture, pathsOf, reasonsOf } from "../seed-fixture.js";
import { git, makeGitFixture, makeRepository, statusOf, viewAsGuest, writeFiles } from "./git-fixture.js";

test("before the first commit there is a branch without commits", async () => {
  const { project, freeze } = await makeSeedFixture();
  await git("/", "init", "--quiet", "--initial-branch=trunk", project);
  await writeFiles(project, { staged: "1", untracked: "2" });
  await git(project, "add", "staged");
  const frozen = await freeze();
  expect(frozen.seed.origin.ref).toBe("trunk");
  const { workspace, status } = await viewAsGuest(frozen);
  expect(status).toBe("A  staged\n?? untracked\n");
  await git(workspace, "commit", "--quiet", "--message=first");
});

test("a repository without anything in it", async () => {
  const { project, freeze } = await makeSeedFixture();
  await git("/", "init", "--quiet", "--initial-branch=main", project);
  const frozen = await freeze();
  expect(filesOf(frozen.seed)).toEqual([]);
  expect((await viewAsGuest(frozen)).status).toBe("");
});

test("a detached HEAD stays detached", async () => {
  const { git: gitHere, freeze } = await makeGitFixture();
  await gitHere("checkout", "--quiet", "--detach");
  const frozen = await freeze();
  expect(frozen.seed.origin.ref).toMatch(/^HEAD@[0-9a-f]{7}$/);
  const { workspace, status } = await viewAsGuest(frozen);
  expect(status).toBe("");
  expect(await git(workspace, "rev-parse", "HEAD")).toBe(await gitHere("rev-parse", "HEAD"));
  expect(await git(workspace, "branch", "--show-current")).toBe("");
});

test("refs that are packed are found", async () => {
  const { git: gitHere, freeze } = await makeGitFixture();
  await gitHere("pack-refs", "--all");
  expect((await viewAsGuest(await freeze())).status).toBe("");
});

test("a repository with SHA-256", async () => {
  const { project, freeze } = await makeSeedFixture();
  await makeRepository(project, { file: "1\n" }, "--object-format=sha256");
  const { workspace, status, doubtful } = await viewAsGuest(await freeze());
  expect([status, doubtful]).toEqual(["", ""]);
  expect(await git(workspace, "rev-parse", "HEAD")).toBe(await git(project, "rev-parse", "HEAD"));
});

test.each(["2", "3", "4"])("an index of version %s", async (version) => {
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`dir${index % 7}/file${index}`, ""]),
  );
  const { git: gitHere, freeze, write, project } = await makeGitFixture(files);
  await gitHere("update-index", "--index-version", version);
  await write({ intended: "later" });
  await gitHere("add", "--intent-to-add", "intended");
  const { status } = await viewAsGuest(await freeze());
  expect(status).toBe(" A intended\n");
  expect(status).toBe(await statusOf(project));
});

test("an index that is split in two", async () => {
  const { git: gitHere, freeze, write, project } = await makeGitFixture();
  await gitHere("update-index", "--split-index");
  await write({ more: "" });
  await gitHere("add", "more");
  await gitHere("rm", "--quiet", "--cached", "README.md");
  const { status } = await viewAsGuest(await freeze());
  expect(status).toBe("D  README.md\nA  more\n?? README.md\n");
  expect(status).toBe(await statusOf(project));
});

test("a sparse checkout, with whole directories missing from tree and index", async () => {
  const {
    git: gitHere,
    freeze,
    project,
  } = await makeGitFixture({ "in/a": "", "out/b": "", "out/deep/c": "", top: "" });
  await gitHere("sparse-checkout", "set", "--cone", "--sparse-index", "in");
  expect(await gitHere("ls-files", "--sparse")).toContain("out/\n");
  const frozen = await freeze();
  expect(filesOf(frozen.seed)).toEqual(["in", "in/a", "top"]);
  expect((await viewAsGuest(frozen)).status).toBe("");
  expect(await statusOf(project)).toBe("");
});

test("files that git was told to take as unchanged stay so", async () => {
  const { git: gitHere, freeze, write, project } = await makeGitFixture();
  await gitHere("update-index", "--assume-unchanged", "README.md");
  await gitHere("update-index", "--skip-worktree", "src/main.py");
  await write({ "README.md": "local\n", "src/main.py": "local\n" });
  const { workspace, status } = await viewAsGuest(await freeze());
  expect(status).toBe(await statusOf(project));
  expect(await git(workspace, "ls-files", "-v")).toBe(await gitHere("ls-files", "-v"));
});

test("a merge in progress leaves the conflict, but not the merge", async () => {
  const { git: gitHere, freeze, write, project } = await makeGitFixture({ file: "base\n" });
  await gitHere("checkout", "--quiet", "-b", "other");
  await write({ file: "theirs\n" });
  await gitHere("commit", "--quiet", "--all", "--message=theirs");
  await gitHere("checkout", "--quiet", "main");
  await write({ file: "ours\n" });
  await gitHere("commit", "--quiet", "--all", "--message=ours");
  await gitHere("merge", "other").catch(() => "");
  const frozen = await freeze();
  const { workspace, status } = await viewAsGuest(frozen);
  expect(status).toBe("UU file\n");
  expect(await statusOf(project)).toBe("UU file\n");
  expect(await git(workspace, "show", ":3:file")).toBe("theirs\n");
  expect(frozen.seed.skipped).toEqual([]);
});

test("a linked worktree stands by itself", async () => {
  const { git: gitHere, freeze, directory } = await makeGitFixture();
  const tree = path.join(directory, "tree");
  await gitHere("worktree", "add", "-q", "-b", "side", tree);
  await writeFiles(tree, { new: "" });
  const frozen = await freeze(tree);
  expect(frozen.seed.origin.ref).toMatch(/^side@/);
  const { workspace, status } = await viewAsGuest(frozen);
  expect(status).toBe("?? new\n");
  expect(await git(workspace, "log", "--format=%s")).toBe("first\n");
});

test("a worktree whose repository is gone is a plain directory", async () => {
  const { git: gitHere, project, freeze, directory } = await makeGitFixture();
  const tree = path.join(directory, "tree");
  await gitHere("worktree", "add", "-q", tree);
  await rm(project, { recursive: true });
  const { seed } = await freeze(tree);
  expect(seed.origin.kind).toBe("directory");
  expect(pathsOf(seed)).toEqual(["README.md", "src", "src/main.py"]);
  expect(reasonsOf(seed)).toEqual({ ".git": "it points to a repository outside the seed" });
});

test("submodules and checkouts inside give their files by the same rules, and no repository", async () => {
  const { git: gitHere, freeze, write, project, directory } = await makeGitFixture();
  const library = path.join(directory, "library");
  await makeRepository(library, { ".gitignore": "*.o\n", "lib.c": "" });
  await gitHere("submodule", "--quiet", "add", library, "vendor/library");
  await gitHere("submodule", "--quiet", "add", library, "vendor/absent");
  await gitHere("commit", "--quiet", "--message=submodules");
  await gitHere("submodule", "--quiet", "deinit", "vendor/absent");
  await write({ "vendor/library/lib.o": "ignored", "vendor/library/new.c": "" });
  await makeRepository(path.join(project, "tools", "own"), { "tool.c": "", ".gitignore": "*.o\n" });
  await write({ "tools/own/tool.o": "ignored" });
  await gitHere("worktree", "add", "-q", "trees/one");
  const frozen = await freeze();
  expect(filesOf(frozen.seed)).toEqual([
    ".gitmodules",
    "README.md",
    "src",
    "src/main.py",
    "tools",
    "tools/own",
    "tools/own/.gitignore",
    "tools/own/tool.c",
    "trees",
    "trees/one",
    "trees/one/.gitmodules",
    "trees/one/README.md",
    "trees/one/src",
    "trees/one/src/main.py",
    "trees/one/vendor",
    "trees/one/vendor/absent",
    "trees/one/vendor/library",
    "vendor",
    "vendor/absent",
    "vendor/library",
    "vendor/library/.gitignore",
    "vendor/library/lib.c",
    "vendor/library/new.c",
  ]);
  const { workspace } = await viewAsGuest(frozen);
  expect(await git(workspace, "status", "--porcelain", "--untracked-files=no")).toBe("");
});

test("a submodule whose repository is gone gives all of its files", async () => {
  const { git: gitHere, freeze, project, directory } = await makeGitFixture();
  await makeRepository(path.join(directory, "library"), { "lib.c": "" });
  await gitHere("submodule", "--quiet", "add", path.join(directory, "library"), "library");
  await gitHere("commit", "--quiet", "--message=submodule");
  await rm(path.join(project, ".git", "modules"), { recursive: true });
  const { seed } = await freeze();
  expect(filesOf(seed)).toContain("library/lib.c");
  expect(reasonsOf(seed)).toEqual({ "library/.git": "it points to a repository outside the seed" });
});

test("a directory of a checkout becomes a repository of its own", async () => {
  const {
    git: gitHere,
    freeze,
    write,
    project,
  } = await makeGitFixture({
    ".gitignore": "*.log\n",
    "outside.txt": "secret\n",
    "app/in.txt": "1\n",
    "app/deep/er.txt": "2\n",
  });
  await write({ "app/in.txt": "edited\n", "app/new.txt": "", "app/noise.log": "" });
  const frozen = await freeze(path.join(project, "app"));
  expect(filesOf(frozen.seed)).toEqual(["deep", "deep/er.txt", "in.txt", "new.txt"]);
  const { workspace, status } = await viewAsGuest(frozen);
  expect(status).toBe(" M in.txt\n?? new.txt\n");
  expect(await git(workspace, "ls-tree", "-r", "--name-only", "HEAD")).toBe("deep/er.txt\nin.txt\n");
  const outside = (await gitHere("rev-parse", "HEAD:outside.txt")).trim();
  await expect(git(workspace, "cat-file", "-e", outside)).rejects.toThrow();
  expect((await freeze(path.join(project, "app"))).seed.digest).toBe(frozen.seed.digest);
});

test("a directory that the last commit does not have has no commit", async () => {
  const { git: gitHere, freeze, write, project } = await makeGitFixture();
  await write({ "new/staged": "", "new/untracked": "" });
  await gitHere("add", "new/staged");
  const { status } = await viewAsGuest(await freeze(path.join(project, "new")));
  expect(status).toBe("A  staged\n?? untracked\n");
});

test("a directory that is ignored as a whole is taken whole when it is asked for", async () => {
  const { freeze, write, project } = await makeGitFixture({ ".gitignore": "build\n" });
  await write({ "build/out/a": "" });
  const { seed } = await freeze(path.join(project, "build", "out"));
  expect(seed.origin.kind).toBe("directory");
  expect(pathsOf(seed)).toEqual(["a"]);
});

test("objects that are borrowed from another repository are found", async () => {
  const { project, freeze, directory } = await makeGitFixture();
  const clone = path.join(directory, 'clone "#\n');
  await git("/", "clone", "--quiet", "--shared", project, clone);
  const { status, workspace } = await viewAsGuest(await freeze(clone));
  expect(status).toBe("");
  await expect(readFile(path.join(workspace, ".git", "objects", "info", "alternates"))).rejects.toThrow(
    "ENOENT",
  );
});

test("a shallow clone", async () => {
  const { project, git: gitHere, freeze, directory } = await makeGitFixture();
  await gitHere("commit", "--quiet", "--allow-empty", "--message=second");
  const clone = path.join(directory, "clone");
  await git("/", "clone", "--quiet", "--depth=1", `file://${project}`, clone);
  const { workspace } = await viewAsGuest(await freeze(clone));
  expect(await git(workspace, "log", "--format=%s")).toBe("second\n");
});

test("a partial clone that lacks objects gives its files without a repository, and asks nobody for more", async () => {
  const { project, git: gitHere, write, freeze, directory } = await makeGitFixture();
  await gitHere("config", "uploadpack.allowFilter", "true");
  const clone = path.join(directory, "clone");
  await git("/", "clone", "--quiet", "--filter=blob:none", `file://${project}`, clone);
  await write({ later: "not in the clone\n" });
  await gitHere("add", "later");
  await gitHere("commit", "--quiet", "--message=later");
  await git(clone, "fetch", "--quiet");
  await git(clone, "reset", "--quiet", "--soft", "origin/main");
  await rename(project, `${project}.gone`);
  const { seed } = await freeze(clone);
  expect(pathsOf(seed)).toEqual(["README.md", "src", "src/main.py"]);
  expect(reasonsOf(seed)[".git"]).toContain("lacks objects");
});

test("a repository beside its checkouts, without one of its own, is a plain directory", async () => {
  const { project, directory, freeze } = await makeGitFixture();
  const layout = path.join(directory, "layout");
  await mkdir(layout);
  await git("/", "clone", "--quiet", "--bare", project, path.join(layout, ".bare"));
  await writeFile(path.join(layout, ".git"), "gitdir: ./.bare\n");
  await git(layout, "worktree", "add", "-q", path.join(layout, "main"), "main");
  const { seed } = await freeze(layout);
  expect(seed.origin.kind).toBe("directory");
  expect(pathsOf(seed)).toContain("main/README.md");
  const inner = await freeze(path.join(layout, "main"));
  expect(inner.seed.origin.kind).toBe("git");
  expect((await viewAsGuest(inner)).status).toBe("");
});

test("a repository that is kept under another name in its checkout is no part of it", async () => {
  const { project, freeze } = await makeSeedFixture();
  await git("/", "init", "--quiet", `--separate-git-dir=${path.join(project, ".store")}`, project);
  await writeFiles(project, { file: "" });
  const frozen = await freeze();
  expect(filesOf(frozen.seed)).toEqual(["file"]);
});

test("a `.git` that is no repository is not taken for one", async () => {
  const { project, freeze } = await makeSeedFixture();
  await writeFiles(project, { ".git/notes": "", file: "" });
  const { seed } = await freeze();
  expect(seed.origin.kind).toBe("directory");
  expect(pathsOf(seed)).toEqual([".git", ".git/notes", "file"]);
});

test("a repository that keeps executable bits out of account says so to the guest", async () => {
  const { git: gitHere, freeze } = await makeGitFixture();
  await gitHere("config", "core.fileMode", "false");
  const { workspace } = await viewAsGuest(await freeze());
  expect(await git(workspace, "config", "core.fileMode")).toBe("false\n");
});
