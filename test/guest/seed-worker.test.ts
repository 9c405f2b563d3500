// The thread that freezes seeds, as it is bundled. No guest runs here, but the bundle must have been built.

import { randomBytes } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type FreezeProgress, SeedStore } from "../../src/seed/seed-store.js";
import type { FreezeRequest } from "../../src/seed/freeze/freeze-context.js";
import { SeedThread } from "../../src/seed/worker/seed-thread.js";
import { makeGate } from "../unit/helpers/gate.js";
import { makeRepository } from "../unit/seed/git/git-fixture.js";
import { filesOf, freezeHere } from "../unit/seed/seed-fixture.js";
import { writeArchive } from "../unit/seed/archive/archive-fixture.js";
import { makeTempDirectory } from "../unit/helpers/temp-directory.js";
import { failureOf } from "../helpers/failure-of.js";

async function makeStores() {
  const directory = await makeTempDirectory();
  const project = path.join(directory, "project");
  await mkdir(project);
  const store = new SeedStore({ stateDir: path.join(directory, "state") });
  onTestFinished(() => store.close());
  return {
    directory,
    project,
    store,
    local: new SeedStore({ stateDir: path.join(directory, "local"), freezer: freezeHere() }),
    partials: async () =>
      (await readdir(path.join(directory, "state", "seeds"))).filter((name) => name.startsWith(".")),
  };
}

const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

test("a thread makes the same seeds as the process itself", async () => {
  const { project, store, local } = await makeStores();
  await makeRepository(project);
  const archive = await writeArchive(
    path.dirname(project),
    [{ name: "a", content: "1", mtime: new Date(1e12) }],
    "a.tgz",
  );
  for (const source of [undefined, project, archive]) {
    const inThread = await store.freeze({ path: source }, quiet);
    expect(filesOf(inThread.seed)).toEqual(filesOf((await local.freeze({ path: source }, quiet)).seed));
    expect(inThread.seed.skipped).toEqual([]);
  }
});

test("a failure in the thread comes out with its code, hint and details", async () => {
  const { project, store, partials } = await makeStores();
  const failure = await failureOf(store.freeze({ path: path.join(project, "missing") }, quiet));
  expect(failure).toMatchObject({
    code: "seed_unusable",
    hint: "Give the path of a directory, .tar, .tar.gz or .tgz.",
  });
  expect(failure.cause).toContain("ENOENT");
  expect(await partials()).toEqual([]);
});

test("progress is told, and cancelling then leaves nothing", async () => {
  const { project, store, partials } = await makeStores();
  const content = randomBytes(64 * 1024);
  for (let index = 0; index < 3000; index++) await writeFile(path.join(project, String(index)), content);
  const abort = new AbortController();
  const told: FreezeProgress[] = [];
  const onProgress = (progress: FreezeProgress) => {
    told.push(progress);
    abort.abort();
  };
  const freezing = store.freeze({ path: project }, { signal: abort.signal, onProgress });
  await expect(freezing).rejects.toThrow(/abort/i);
  expect(["scan", "write"]).toContain(told[0]?.phase);
  expect(await partials()).toEqual([]);
});

test("whoever cannot take the progress fails the freeze", async () => {
  const { project, store, partials } = await makeStores();
  const content = randomBytes(64 * 1024);
  for (let index = 0; index < 3000; index++) await writeFile(path.join(project, String(index)), content);
  const onProgress = () => Promise.reject(new Error("the client is gone"));
  await expect(store.freeze({ path: project }, { ...quiet, onProgress })).rejects.toThrow(
    "the client is gone",
  );
  expect(await partials()).toEqual([]);
});

test("a thread that cannot watch over a source says so, and freezes it all the same", async () => {
  const { directory, project } = await makeStores();
  await writeFile(path.join(project, "file"), "1");
  const request: FreezeRequest = {
    sourcePath: project,
    seedDir: path.join(directory, "seed"),
    knownFingerprint: "of another state",
    ownDirs: [],
    tarBudgetBytes: 1_000_000,
    homeDir: directory,
  };
  await mkdir(request.seedDir);
  const blind = makeGate();
  const thread = new SeedThread(() => blind.open());
  onTestFinished(() => thread.end());
  thread.watch(request);
  await blind.opened;
  const { outcome, isWatched } = await thread.freeze(request, quiet);
  expect([outcome.kind, isWatched]).toEqual(["written", false]);
});
