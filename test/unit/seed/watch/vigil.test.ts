import { appendFile, chmod, link, mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { FreezeRequest } from "../../../../src/seed/freeze/freeze-context.js";
import { Vigil } from "../../../../src/seed/watch/vigil.js";
import { writeArchive } from "../archive/archive-fixture.js";
import { git, makeGitFixture, makeRepository, writeFiles } from "../git/git-fixture.js";
import { freezeHere, makeSeedFixture, type SeedFixture } from "../seed-fixture.js";

interface Watched {
  /** Of the next freeze. */
  readonly request: FreezeRequest;
  /** Undefined: the source cannot be watched. */
  readonly vigil: Vigil | undefined;
}

/** Freezes the source and watches over it. */
async function watch(fixture: SeedFixture, source = fixture.project): Promise<Watched> {
  let last: FreezeRequest | undefined;
  const freeze = freezeHere();
  const { freeze: freezeWatched } = await makeSeedFixture({
    stateDir: fixture.stateDir,
    homeDir: fixture.homeDir,
    freezer: (request, hooks) => {
      last = request;
      return freeze(request, hooks);
    },
  });
  await freezeWatched(source);
  await freezeWatched(source);
  if (last?.knownFingerprint === undefined) throw new Error("the source is not known");
  const signal = new AbortController().signal;
  const vigil = await Vigil.begin(last, { signal, startedAtMs: Date.now() + 60_000 });
  onTestFinished(() => vigil?.end());
  return { request: last, vigil };
}

const TREE = { "a/b/file": "1", top: "2", "z/file": "3" };

test("as long as nothing happens the vigil holds, for this source as it was only", async () => {
  const fixture = await makeSeedFixture();
  await writeFiles(fixture.project, TREE);
  const { request, vigil } = await watch(fixture);
  expect(await vigil?.holds(request)).toBe(true);
  expect(await vigil?.holds(request)).toBe(true);
  expect(await vigil?.holds({ ...request, knownFingerprint: "other" })).toBe(false);
  expect(await vigil?.holds({ ...request, knownFingerprint: undefined })).toBe(false);
  expect(await vigil?.holds({ ...request, sourcePath: fixture.homeDir })).toBe(false);
  expect(await vigil?.holds({ ...request, sourcePath: "/nowhere" })).toBe(false);
  expect(await vigil?.holds({ ...request, tarBudgetBytes: 1 })).toBe(false);
});

test.each<[string, (project: string) => Promise<unknown>]>([
  ["a file is written", (project) => appendFile(path.join(project, "a/b/file"), "x")],
  ["a file is written in place, with its size kept", (project) => writeFile(path.join(project, "top"), "9")],
  ["a file is made", (project) => writeFile(path.join(project, "a/new"), "")],
  ["a directory is made", (project) => mkdir(path.join(project, "a/b/new"))],
  ["a file is removed", (project) => rm(path.join(project, "z/file"))],
  ["a directory is renamed", (project) => rename(path.join(project, "a"), path.join(project, "c"))],
  ["a mode changes", (project) => chmod(path.join(project, "top"), 0o600)],
  ["a time changes", (project) => utimes(path.join(project, "top"), 1, 1)],
  ["the whole is renamed", (project) => rename(project, `${project}.old`)],
  ["the whole is replaced", (project) => rename(project, `${project}.old`).then(() => mkdir(project))],
])("when %s the vigil holds no longer", async (_, change) => {
  const fixture = await makeSeedFixture();
  await writeFiles(fixture.project, TREE);
  const { request, vigil } = await watch(fixture);
  expect(await vigil?.holds(request)).toBe(true);
  await change(fixture.project);
  expect(await vigil?.holds(request)).toBe(false);
});

test("a file that is changed under another name elsewhere is noticed", async () => {
  const fixture = await makeSeedFixture();
  const elsewhere = path.join(fixture.directory, "elsewhere");
  await writeFile(elsewhere, "1");
  await link(elsewhere, path.join(fixture.project, "file"));
  const { request, vigil } = await watch(fixture);
  expect(await vigil?.holds(request)).toBe(true);
  await appendFile(elsewhere, "2");
  expect(await vigil?.holds(request)).toBe(false);
});

test("a link to the source that leads elsewhere now is noticed", async () => {
  const fixture = await makeSeedFixture();
  const name = path.join(fixture.directory, "link");
  await symlink(fixture.project, name);
  const { request, vigil } = await watch(fixture, name);
  expect(await vigil?.holds(request)).toBe(true);
  await rm(name);
  await symlink(fixture.homeDir, name);
  expect(await vigil?.holds(request)).toBe(false);
});

test("a source that changed since it was frozen is not watched", async () => {
  const fixture = await makeSeedFixture();
  await writeFiles(fixture.project, TREE);
  const { request } = await watch(fixture);
  await writeFile(path.join(fixture.project, "top"), "changed");
  const moment = { signal: new AbortController().signal, startedAtMs: Date.now() + 60_000 };
  expect(await Vigil.begin(request, moment)).toBeUndefined();
});

test("an archive is watched, too", async () => {
  const fixture = await makeSeedFixture();
  const file = await writeArchive(fixture.directory, [{ name: "a", content: "1" }]);
  const { request, vigil } = await watch(fixture, file);
  expect(await vigil?.holds(request)).toBe(true);
  await writeArchive(fixture.directory, [{ name: "a", content: "2" }]);
  expect(await vigil?.holds(request)).toBe(false);
});

const CHECKOUT = { ".gitignore": "*.log\n/build/\n", "src/main": "1", "src/deep/er": "2" };

test.each<[string, (project: string, homeDir: string) => Promise<unknown>]>([
  ["a commit", (project) => git(project, "commit", "--quiet", "--allow-empty", "--message=more")],
  ["a switch of branches", (project) => git(project, "checkout", "--quiet", "-b", "other")],
  ["packed refs", (project) => git(project, "pack-refs", "--all")],
  ["something staged", (project) => git(project, "rm", "--quiet", "--cached", "src/main")],
  ["a setting", (project) => git(project, "config", "core.fileMode", "false")],
  ["a file in a directory that was empty", (project) => writeFile(path.join(project, "empty/deep/new"), "")],
  ["a file beside ignored ones", (project) => writeFile(path.join(project, "noise/new"), "")],
  ["a pattern", (project) => writeFile(path.join(project, ".git/info/exclude"), "*.x\n")],
  ["a pattern of the user's", (_, homeDir) => writeFiles(homeDir, { ".config/git/ignore": "*.x\n" })],
  ["a setting of the user's", (_, homeDir) => writeFiles(homeDir, { ".gitconfig": "[core]\n" })],
])("of a checkout %s is noticed", async (_, change) => {
  const fixture = await makeGitFixture(CHECKOUT);
  await mkdir(path.join(fixture.project, "empty", "deep"), { recursive: true });
  await fixture.write({ "noise/a.log": "", "build/deep/out": "" });
  const { request, vigil } = await watch(fixture);
  expect(await vigil?.holds(request)).toBe(true);
  await change(fixture.project, fixture.homeDir);
  expect(await vigil?.holds(request)).toBe(false);
});

test("what happens in ignored directories of a checkout is nobody's business", async () => {
  const fixture = await makeGitFixture(CHECKOUT);
  await fixture.write({ "build/deep/out": "" });
  const { request, vigil } = await watch(fixture);
  await fixture.write({ "build/deep/more": "", "build/more": "" });
  expect(await vigil?.holds(request)).toBe(true);
});

test("patterns above the seed count for a part of a checkout", async () => {
  const fixture = await makeGitFixture({
    ".gitignore": "*.log\n",
    "app/.gitignore": "*.o\n",
    "app/part/file": "",
  });
  const { request, vigil } = await watch(fixture, path.join(fixture.project, "app", "part"));
  expect(await vigil?.holds(request)).toBe(true);
  await fixture.write({ "app/.gitignore": "*.a\n" });
  expect(await vigil?.holds(request)).toBe(false);
});

test("a checkout with checkouts inside is not watched", async () => {
  const fixture = await makeGitFixture();
  await makeRepository(path.join(fixture.project, "inner"));
  expect((await watch(fixture)).vigil).toBeUndefined();
});

test("a watch that is cancelled while it is made leaves nothing", async () => {
  const fixture = await makeSeedFixture();
  await writeFiles(fixture.project, TREE);
  const { request } = await watch(fixture);
  const abort = new AbortController();
  const beginning = Vigil.begin(request, { signal: abort.signal, startedAtMs: Date.now() + 60_000 });
  abort.abort();
  await expect(beginning).rejects.toThrow(/abort/i);
  expect((await fixture.stored()).filter((name) => name.startsWith("."))).toEqual([]);
});
