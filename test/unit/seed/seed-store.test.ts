import { appendFile, mkdir, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { Freezer } from "../../../src/seed/freezer.js";
import { failureOf } from "../../helpers/failure-of.js";
import { entryAt, freezeHere, makeSeedFixture, pathsOf, run, unpack } from "./seed-fixture.js";

async function makeProject(directory: string): Promise<void> {
  await mkdir(path.join(directory, "src"), { recursive: true });
  await writeFile(path.join(directory, "README.md"), "hello\n");
  await writeFile(path.join(directory, "src", "main.py"), "print(1)\n");
}

/** Counts the freezes that had to write a seed. */
function countWrites(freeze = freezeHere()): { freezer: Freezer; count: () => number } {
  let writes = 0;
  const freezer: Freezer = async (request, hooks) => {
    const outcome = await freeze(request, hooks);
    if (outcome.kind === "written") writes += 1;
    return outcome;
  };
  return { freezer, count: () => writes };
}

test("a directory becomes a tar that unpacks to the same tree below workspace/", async () => {
  const { project, freeze } = await makeSeedFixture();
  await makeProject(project);
  const frozen = await freeze();
  expect(pathsOf(frozen.seed)).toEqual(["README.md", "src", "src/main.py"]);
  expect(frozen.seed).toMatchObject({
    origin: { mode: "directory", kind: "directory", ref: undefined, path: project },
    entryCount: 3,
    contentBytes: 15,
    skipped: [],
    skippedCount: 0,
  });
  expect(frozen).toMatchObject({ reused: false, deferred: [] });
  expect(await run(project, "diff", "-r", project, await unpack(frozen))).toBe("");
});

test("no source at all becomes an empty workspace", async () => {
  const { store, stored } = await makeSeedFixture();
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
  const { seed, reused } = await store.freeze({ path: undefined }, hooks);
  expect(seed).toMatchObject({ origin: { mode: "empty", kind: "empty" }, entries: [], entryCount: 0 });
  expect(reused).toBe(false);
  expect(await stored()).toEqual([seed.digest]);
  expect((await store.freeze({ path: undefined }, hooks)).reused).toBe(true);
});

test("an empty directory is an empty workspace, too", async () => {
  const { freeze } = await makeSeedFixture();
  const frozen = await freeze();
  expect(frozen.seed.entries).toEqual([]);
  expect(await run("/", "tar", "--list", "--file", frozen.seed.tarPath)).toBe("./\n./workspace/\n");
});

test("a source that has not changed is not read again", async () => {
  const { freezer, count } = countWrites();
  const { project, freeze, store } = await makeSeedFixture({ freezer });
  await makeProject(project);
  const first = await freeze();
  const again = await freeze();
  expect(count()).toBe(1);
  expect(again.reused).toBe(true);
  expect(again.seed).toEqual(first.seed);
  expect(await store.list()).toEqual([first.seed.digest]);
});

test.each([
  ["content", (file: string) => appendFile(file, "more")],
  ["mode", (file: string) => run("/", "chmod", "600", file)],
  ["name", (file: string) => rename(file, `${file}.txt`)],
  ["existence", (file: string) => rm(file)],
  ["neighbour", (file: string) => writeFile(`${file}.new`, "")],
])("a change of a file's %s makes another seed", async (_, change) => {
  const { project, freeze, stored } = await makeSeedFixture();
  await makeProject(project);
  const first = await freeze();
  await change(path.join(project, "README.md"));
  const second = await freeze();
  expect(second.reused).toBe(false);
  expect(second.seed.digest).not.toBe(first.seed.digest);
  expect(await stored()).toEqual([first.seed.digest, second.seed.digest].sort());
});

test("a change that keeps size and mtime is noticed", async () => {
  const { project, freeze } = await makeSeedFixture();
  await makeProject(project);
  const { seed } = await freeze();
  const file = path.join(project, "README.md");
  const { mtime } = await stat(file);
  await writeFile(file, "HELLO\n");
  await utimes(file, mtime, mtime);
  expect((await freeze()).seed.digest).not.toBe(seed.digest);
});

test("a file that changed in the moment of the freeze is read again by the next one", async () => {
  const startedAtMs = Date.now();
  const { freezer, count } = countWrites(freezeHere(startedAtMs));
  const { project, freeze } = await makeSeedFixture({ freezer });
  await makeProject(project);
  await freeze();
  await freeze();
  expect(count()).toBe(2);
});

test("two sources with the same content have one seed, each with its own origin", async () => {
  const { project, directory, freeze, stored } = await makeSeedFixture();
  const copy = path.join(directory, "copy");
  await makeProject(project);
  await run("/", "cp", "--archive", project, copy);
  const first = await freeze();
  const second = await freeze(copy);
  expect(second.reused).toBe(true);
  expect(second.seed.digest).toBe(first.seed.digest);
  expect(second.seed.origin.path).toBe(copy);
  expect(await stored()).toEqual([first.seed.digest]);
});

test("a link as the source is followed, and both names are one source", async () => {
  const { project, directory, freeze } = await makeSeedFixture();
  await makeProject(project);
  const name = path.join(directory, "link");
  await symlink(project, name);
  const { seed } = await freeze();
  const second = await freeze(name);
  expect(second).toMatchObject({ reused: true, seed: { digest: seed.digest, origin: { path: name } } });
});

test("calls for one source at the same moment do the work once", async () => {
  const { freezer, count } = countWrites();
  const { project, freeze, stored } = await makeSeedFixture({ freezer });
  await makeProject(project);
  const all = await Promise.all([freeze(), freeze(), freeze()]);
  expect(count()).toBe(1);
  expect(new Set(all.map(({ seed }) => seed.digest)).size).toBe(1);
  expect(await stored()).toEqual([all[0].seed.digest]);
});

test("another store of the same state knows the seeds and the source", async () => {
  const { project, stateDir, freeze } = await makeSeedFixture();
  await makeProject(project);
  const { seed } = await freeze();
  const { freezer, count } = countWrites();
  const { store } = await makeSeedFixture({ stateDir, freezer });
  expect(await store.open(seed.digest)).toEqual(seed);
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
  expect((await store.freeze({ path: project }, hooks)).seed).toEqual(seed);
  expect(count()).toBe(0);
});

test("the content of a file comes from the tar", async () => {
  const { project, freeze, store } = await makeSeedFixture();
  await makeProject(project);
  const { seed } = await freeze();
  const entry = entryAt(seed, "src/main.py");
  if (entry?.type !== "file") throw new Error("no file");
  expect(Buffer.from(await store.readContent(seed, entry)).toString()).toBe("print(1)\n");
});

test.each([
  ["is not there", "/nowhere/at/all", "does not exist"],
  ["is the whole file system", "/", "the whole file system"],
  ["is neither directory nor archive", "/etc/hostname", "neither a directory nor a tar archive"],
  ["is a device", "/dev/null", "neither a directory nor a tar archive"],
])("a source that %s is refused with the reason", async (_, source, reason) => {
  const { freeze, stored } = await makeSeedFixture();
  const failure = await failureOf(freeze(source));
  expect(failure.code).toBe("seed_unusable");
  expect(failure.message).toContain(reason);
  expect(await stored()).toEqual([]);
});

test("our own state and cache cannot be seeds, and are left out of one that holds them", async () => {
  const { directory, stateDir, freeze } = await makeSeedFixture();
  const cache = path.join(directory, "cache");
  await mkdir(cache);
  await writeFile(path.join(directory, "file"), "");
  const { store } = await makeSeedFixture({ stateDir, ownDirs: [cache] });
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
  for (const source of [stateDir, path.join(stateDir, "seeds"), cache]) {
    expect((await failureOf(store.freeze({ path: source }, hooks))).code).toBe("seed_unusable");
  }
  const { seed } = await store.freeze({ path: directory }, hooks);
  expect(pathsOf(seed)).toEqual(["file", "home", "project"]);
  expect(seed.skipped.map((one) => one.path).sort()).toEqual(["cache", "state"]);
  await freeze();
});
