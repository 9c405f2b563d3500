import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { EnvironmentStore } from "../../../src/environment/environment-store.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";
import { FakeSource } from "./fake-source.js";

const NOBODY = () => false;

async function makeStore() {
  const cacheDir = await makeTempDirectory();
  const source = new FakeSource();
  return { cacheDir, source, store: new EnvironmentStore(cacheDir, [source]) };
}

test("a cache that does not exist has nothing to prune", async () => {
  const store = new EnvironmentStore(path.join(await makeTempDirectory(), "none"), []);
  expect(await store.prune(NOBODY)).toEqual({ deletedEnvironmentDirs: [], count: 0, freedBytes: 0 });
});

test("sound current installs stay; superseded ones go, with their size in the answer", async () => {
  const { store } = await makeStore();
  const old = await store.pull("debian:12");
  await rm(path.join(old.rootfsDir, "bin"));
  const current = await store.pull("debian:12");
  const base = await store.pull("debian:12-base");
  expect(await store.prune(NOBODY)).toEqual({
    deletedEnvironmentDirs: [old.installDir],
    count: 1,
    freedBytes: old.sizeBytes,
  });
  expect(await store.find("debian:12")).toEqual(current);
  expect(await store.find("debian:12-base")).toEqual(base);
  expect((await store.prune(NOBODY)).count).toBe(0);
});

test("an install in use stays until it is not", async () => {
  const { store } = await makeStore();
  const old = await store.pull("debian:12");
  await rm(path.join(old.rootfsDir, "bin"));
  expect((await store.prune((directory) => directory === old.installDir)).count).toBe(0);
  await store.pull("debian:12");
  expect((await store.prune((directory) => directory === old.installDir)).count).toBe(0);
  expect((await store.prune(NOBODY)).deletedEnvironmentDirs).toEqual([old.installDir]);
});

test("a damaged install goes, and the environment is then plainly not installed", async () => {
  const { store } = await makeStore();
  const install = await store.pull("debian:12");
  await rm(path.join(install.rootfsDir, "usr"), { recursive: true });
  expect((await store.prune(NOBODY)).deletedEnvironmentDirs).toEqual([install.installDir]);
  expect(await store.inspect("debian:12")).toMatchObject({ installed: undefined, damage: undefined });
});

test("leftovers of dead pulls and removals go; one being pulled and what is not ours stay", async () => {
  const { store, source, cacheDir } = await makeStore();
  const dead = [".partial-debian-12-base-0123456789ab", ".removing-0123456789ab", "gone-9-0123456789ab"];
  for (const name of [...dead, "Documents"]) {
    await mkdir(path.join(cacheDir, name));
    await writeFile(path.join(cacheDir, name, "file"), "12345");
  }
  source.during = async () => {
    const pruned = await store.prune(NOBODY);
    expect(pruned.deletedEnvironmentDirs.map((directory) => path.basename(directory)).sort()).toEqual(dead);
    expect(pruned.freedBytes).toBe(15);
  };
  const install = await store.pull("debian:12");
  expect(await store.find("debian:12")).toEqual(install);
  expect(await readdir(path.join(cacheDir, "Documents"))).toEqual(["file"]);
});
