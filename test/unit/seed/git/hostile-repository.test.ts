import { appendFile, chmod, mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { failureOf } from "../../../helpers/failure-of.js";
import { filesOf, pathsOf, reasonsOf, run } from "../seed-fixture.js";
import {
  fingerprint,
  git,
  type GitFixture,
  makeGitFixture,
  statusOf,
  viewAsGuest,
  writeFiles,
} from "./git-fixture.js";

interface Trap {
  /** A program that leaves a mark when it runs. */
  readonly program: string;
  isSprung(): Promise<boolean>;
}

async function setTrap({ directory }: GitFixture): Promise<Trap> {
  const [program, mark] = [path.join(directory, "trap"), path.join(directory, "mark")];
  await writeFile(program, `#!/bin/sh\necho "$0 $@" >> ${mark}\ncat\n`, { mode: 0o755 });
  const isSprung = () =>
    stat(mark).then(
      () => true,
      () => false,
    );
  return { program, isSprung };
}

/** Settings of a repository that make some git command run a program. */
const SETTINGS: Record<string, (program: string) => Record<string, string>> = {
  "a file system monitor": (program) => ({ "core.fsmonitor": program }),
  "hooks elsewhere": (program) => ({ "core.hooksPath": path.dirname(program) }),
  filters: (program) => ({
    "filter.trap.clean": program,
    "filter.trap.smudge": program,
    "filter.trap.required": "true",
  }),
  "a filter process": (program) => ({ "filter.trap.process": program }),
  "external diff and textconv": (program) => ({
    "diff.external": program,
    "diff.trap.command": program,
    "diff.trap.textconv": program,
  }),
  "pager and editor": (program) => ({
    "core.pager": program,
    "pager.ls-files": program,
    "core.editor": program,
    "sequence.editor": program,
  }),
  "ssh, proxies and credentials": (program) => ({
    "core.sshCommand": program,
    "core.gitProxy": program,
    "core.askPass": program,
    "credential.helper": `!${program}`,
    "remote.origin.vcs": program,
    "remote.origin.uploadpack": program,
  }),
  "signing and merging": (program) => ({
    "gpg.program": program,
    "commit.gpgSign": "true",
    "merge.trap.driver": program,
  }),
  aliases: (program) => ({
    "alias.ls-files": `!${program}`,
    "alias.rev-parse": `!${program}`,
    "alias.pack-objects": `!${program}`,
  }),
  "helpers for objects": (program) => ({
    "core.alternateRefsCommand": program,
    "uploadpack.packObjectsHook": program,
    "pack.window": "250",
    "gc.recentObjectsHook": program,
  }),
  "rewritten addresses": (program) => ({
    "url.ext::trap.insteadOf": "https://",
    [`url.ext::${program} .insteadOf`]: "git://",
    "protocol.allow": "always",
    "protocol.ext.allow": "always",
  }),
  tracing: (program) => ({ "trace2.eventTarget": program, "trace2.normalTarget": program }),
};

test.each(Object.keys(SETTINGS))("%s in the repository's settings do not run", async (name) => {
  const fixture = await makeGitFixture({
    ".gitattributes": "* filter=trap diff=trap merge=trap\n",
    file: "1\n",
  });
  const { project, write, freeze } = fixture;
  const trap = await setTrap(fixture);
  for (const [key, value] of Object.entries(SETTINGS[name]?.(trap.program) ?? {})) {
    await git(project, "config", "--add", key, value);
  }
  await write({ file: "2\n", untracked: "" });
  const before = await fingerprint(project);
  const { seed } = await freeze();
  expect(await trap.isSprung()).toBe(false);
  expect(filesOf(seed)).toEqual([".gitattributes", "file", "untracked"]);
  expect(pathsOf(seed)).toContain(".git/index");
  expect(await fingerprint(project)).toEqual(before);
});

test("the trap of these tests works: git itself runs it", async () => {
  const fixture = await makeGitFixture({ ".gitattributes": "* filter=trap\n", file: "1\n" });
  const trap = await setTrap(fixture);
  await fixture.git("config", "filter.trap.clean", trap.program);
  await fixture.write({ file: "2\n" });
  await statusOf(fixture.project);
  expect(await trap.isSprung()).toBe(true);
});

test("hooks of all names do not run", async () => {
  const fixture = await makeGitFixture();
  const { project, freeze } = fixture;
  const trap = await setTrap(fixture);
  const hooks = [
    "post-index-change",
    "fsmonitor-watchman",
    "query-watchman",
    "reference-transaction",
    "pre-commit",
  ];
  hooks.push("post-checkout", "pre-auto-gc", "post-rewrite", "proc-receive", "update", "pre-push");
  for (const hook of hooks) await symlink(trap.program, path.join(project, ".git", "hooks", hook));
  await freeze();
  expect(await trap.isSprung()).toBe(false);
});

test("settings that are included from elsewhere do not hold", async () => {
  const fixture = await makeGitFixture();
  const { project, freeze, directory } = fixture;
  const trap = await setTrap(fixture);
  await writeFiles(directory, { included: `[core]\n\tfsmonitor = ${trap.program}\n\tfileMode = false\n` });
  await fixture.git("config", "include.path", path.join(directory, "included"));
  await fixture.git("config", "includeIf.gitdir:/.path", path.join(directory, "included"));
  await run(directory, "mkfifo", "fifo");
  await appendFile(
    path.join(project, ".git", "config"),
    `[include]\n\tpath = ${path.join(directory, "fifo")}\n`,
  );
  const { workspace } = await viewAsGuest(await freeze());
  expect(await trap.isSprung()).toBe(false);
  expect(await git(workspace, "config", "core.fileMode")).toBe("true\n");
});

test("another working tree in the settings is not read", async () => {
  const { project, git: gitHere, freeze, directory } = await makeGitFixture();
  await writeFiles(directory, { "secrets/key": "private" });
  await gitHere("config", "core.worktree", path.join(directory, "secrets"));
  const { seed } = await freeze();
  expect(filesOf(seed)).toEqual(["README.md", "src", "src/main.py"]);
  expect(project).toBe(seed.origin.path);
});

test("a promisor with an address that is a program is not asked for missing objects", async () => {
  const fixture = await makeGitFixture({ ".gitignore": "*.log\n", file: "1\n" });
  const { project, freeze, git: gitHere } = fixture;
  const trap = await setTrap(fixture);
  const settings = {
    "extensions.partialClone": "origin",
    "core.repositoryFormatVersion": "1",
    "remote.origin.promisor": "true",
    "remote.origin.url": `ext::${trap.program} %S`,
    "protocol.ext.allow": "always",
    "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
  };
  for (const [key, value] of Object.entries(settings)) await gitHere("config", key, value);
  // git would look for the patterns in the objects: the file is said to be absent from a sparse tree.
  await gitHere("update-index", "--skip-worktree", ".gitignore");
  const blob = (await gitHere("rev-parse", "HEAD:.gitignore")).trim();
  await rm(path.join(project, ".gitignore"));
  await rm(path.join(project, ".git", "objects", blob.slice(0, 2), blob.slice(2)));
  const { seed } = await freeze();
  expect(await trap.isSprung()).toBe(false);
  expect(pathsOf(seed)).toEqual(["file"]);
  expect(reasonsOf(seed)[".git"]).toContain("lacks objects");
});

test("objects cannot be borrowed from a place that is none, and replaced ones are not taken", async () => {
  const { project, git: gitHere, freeze, directory, write } = await makeGitFixture({ file: "true\n" });
  await writeFile(
    path.join(project, ".git", "objects", "info", "alternates"),
    `/etc\n${directory}/nowhere\n/dev/zero\n`,
  );
  const original = (await gitHere("rev-parse", "HEAD:file")).trim();
  await write({ other: "false\n" });
  const other = (await gitHere("hash-object", "-w", "other")).trim();
  await gitHere("replace", original, other);
  const { workspace } = await viewAsGuest(await freeze());
  expect(await git(workspace, "show", "HEAD:file")).toBe("true\n");
});

test.each([
  ["outside", "../../outside"],
  ["to the repository", ".git/config"],
  ["to the root", "/etc/passwd"],
])("an index with a path that leads %s is refused", async (_, strange) => {
  const { project, freeze, stored } = await makeGitFixture({ ["x".repeat(strange.length)]: "" });
  const file = path.join(project, ".git", "index");
  const index = await readFile(file);
  const at = index.indexOf("x".repeat(strange.length));
  index.write(strange, at);
  // Zeros: no sum, which git accepts as well.
  index.fill(0, index.length - 20);
  await writeFile(file, index);
  const failure = await failureOf(freeze());
  expect(failure).toMatchObject({ code: "seed_unusable" });
  expect(failure.message).toContain("leads elsewhere");
  expect(await stored()).toEqual([]);
});

test("a damaged index is told as what it is", async () => {
  const { project, freeze } = await makeGitFixture();
  await appendFile(path.join(project, ".git", "index"), "x");
  const failure = await failureOf(freeze());
  expect(failure.code).toBe("seed_unusable");
  expect(failure.message).toContain("index is damaged");
});

test("a damaged object leaves the repository out, and says so", async () => {
  const { project, git: gitHere, freeze } = await makeGitFixture();
  const blob = (await gitHere("rev-parse", "HEAD:README.md")).trim();
  const object = path.join(project, ".git", "objects", blob.slice(0, 2), blob.slice(2));
  await chmod(object, 0o644);
  await writeFile(object, "garbage");
  const { seed } = await freeze();
  expect(pathsOf(seed)).toEqual(["README.md", "src", "src/main.py"]);
  expect(reasonsOf(seed)[".git"]).toContain("damaged");
});

test("pipes in the place of the repository's files are not waited for", async () => {
  const { project, freeze } = await makeGitFixture();
  const dotGit = path.join(project, ".git");
  for (const name of ["index", "config", "packed-refs", "info/exclude", "commondir", "shallow"]) {
    await rm(path.join(dotGit, name), { force: true });
    await run(dotGit, "mkfifo", name);
  }
  const { seed } = await freeze();
  expect(filesOf(seed)).toEqual(["README.md", "src", "src/main.py"]);
});

test("what an index says of links in its way is not believed", async () => {
  const { project, freeze, directory } = await makeGitFixture({ "link/secret": "tracked\n" });
  await writeFiles(directory, { "elsewhere/secret": "private\n" });
  await rm(path.join(project, "link"), { recursive: true });
  await symlink(path.join(directory, "elsewhere"), path.join(project, "link"));
  const { seed } = await freeze();
  expect(filesOf(seed)).toEqual(["link"]);
});

test("attributes that convert contents do not change them", async () => {
  const { project, write, freeze } = await makeGitFixture({ ".gitattributes": "* text eol=crlf ident\n" });
  await write({ file: "one\ntwo $Id$\r\n" });
  const { workspace } = await viewAsGuest(await freeze());
  expect(await readFile(path.join(workspace, "file"), "utf8")).toBe("one\ntwo $Id$\r\n");
  await mkdir(path.join(project, "more"));
});
