import { randomBytes } from "node:crypto";
import { appendFile, mkdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Scope } from "../../../src/platform/scope.js";
import { makeTarBudget } from "../../../src/seed/freeze/choose-deferred.js";
import type { FreezeContext, FreezeRequest } from "../../../src/seed/freeze/freeze-context.js";
import { surveySource } from "../../../src/seed/freeze/survey-source.js";
import { writeLayer } from "../../../src/seed/freeze/write-layer.js";
import { failureOf } from "../../helpers/failure-of.js";
import { mountTmpfs } from "../../helpers/tmpfs.js";
import { writeArchive } from "./archive/archive-fixture.js";
import { makeGitFixture } from "./git/git-fixture.js";
import { makeSeedFixture, run, type SeedFixture, unpackTar } from "./seed-fixture.js";

const SOURCES: Record<string, () => Promise<{ fixture: SeedFixture; source: string }>> = {
  "a directory": async () => {
    const fixture = await makeSeedFixture();
    for (let index = 0; index < 200; index++) {
      await writeFile(path.join(fixture.project, String(index)), randomBytes(100_000));
    }
    return { fixture, source: fixture.project };
  },
  "a checkout": async () => {
    const noise = randomBytes(150_000).toString("hex");
    const fixture = await makeGitFixture({ a: "1\n", "b/c": "2\n", noise });
    // Only the pack has it.
    await rm(path.join(fixture.project, "noise"));
    return { fixture, source: fixture.project };
  },
  "an archive": async () => {
    const fixture = await makeSeedFixture();
    const entries = Array.from({ length: 50 }, (_, index) => ({
      name: String(index),
      content: randomBytes(50_000),
    }));
    return { fixture, source: await writeArchive(fixture.directory, entries, "seed.tar.gz") };
  },
};

test.each(Object.keys(SOURCES))(
  "a freeze of %s that is cancelled at any moment leaves nothing",
  async (name) => {
    const made = await SOURCES[name]?.();
    if (!made) throw new Error("no source");
    const { fixture, source } = made;
    let cancelled = 0;
    for (let turns = 0; turns < 40; turns += 1) {
      const abort = new AbortController();
      const freezing = fixture.freeze(source, abort.signal).then(
        () => "frozen" as const,
        (error: unknown) => error,
      );
      for (let turn = 0; turn < turns * turns; turn += 1) await setImmediate();
      abort.abort();
      const outcome = await freezing;
      if (outcome === "frozen") break;
      expect(outcome).toMatchObject({ name: "AbortError" });
      expect(await fixture.stored()).toEqual([]);
      cancelled += 1;
    }
    expect(cancelled).toBeGreaterThan(2);
    await fixture.freeze(source);
  },
);

test("whoever waits for another freeze of the same source can give up", async () => {
  const { project, freeze, stored } = await makeSeedFixture();
  await writeFile(path.join(project, "file"), "x");
  const abort = new AbortController();
  const first = freeze();
  const second = freeze(project, abort.signal);
  const third = freeze();
  abort.abort();
  await expect(second).rejects.toThrow(/abort/i);
  expect((await third).seed.digest).toBe((await first).seed.digest);
  expect(await stored()).toHaveLength(1);
});

test.runIf(process.geteuid?.() === 0).each(Object.keys(SOURCES))(
  "a full disk fails the freeze of %s as such, and nothing is left",
  async (name) => {
    const made = await SOURCES[name]?.();
    if (!made) throw new Error("no source");
    await using disk = await mountTmpfs(1);
    await run(disk.directory, "sh", "-c", "head -c 900K /dev/zero > filler");
    const { freeze, stored } = await makeSeedFixture({ stateDir: disk.directory });
    const failure = await failureOf(freeze(made.source));
    expect(failure.code).toBe("out_of_disk");
    expect((await run(disk.directory, "find", "seeds", "-name", ".partial*")).trim()).toBe("");
    expect(await stored()).toEqual([]);
  },
);

/** Freezes a directory, and lets `change` happen when everything has been listed. */
async function freezeChanging(fixture: SeedFixture, change: () => Promise<void>) {
  await using scope = new Scope();
  const request: FreezeRequest = {
    sourcePath: fixture.project,
    seedDir: fixture.directory,
    knownFingerprint: undefined,
    ownDirs: [],
    tarBudgetBytes: 1_000_000,
    homeDir: fixture.homeDir,
  };
  const context: FreezeContext = {
    request,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    startedAtMs: Date.now() + 60_000,
    scope,
  };
  const survey = await surveySource(context);
  await change();
  const tarPath = path.join(fixture.directory, "upper.tar");
  const plan = await survey.plan();
  const layer = await writeLayer(tarPath, plan, makeTarBudget(1_000_000), context, survey.skipped);
  return { tarPath, paths: layer.entries.map((entry) => entry.path), skipped: survey.skipped.named };
}

test("a tree that changes between listing and writing still makes a sound seed", async () => {
  const fixture = await makeSeedFixture();
  const { project } = fixture;
  for (const name of ["gone", "grows", "shrinks", "replaced", "becomes-fifo", "touched", "unchanged"]) {
    await writeFile(path.join(project, name), "as listed");
  }
  await run(project, "ln", "replaced", "z-other-name");
  await mkdir(path.join(project, "dir"));
  await writeFile(path.join(project, "dir", "in"), "");
  const { tarPath, paths, skipped } = await freezeChanging(fixture, async () => {
    await rm(path.join(project, "gone"));
    await appendFile(path.join(project, "grows"), "more");
    await truncate(path.join(project, "shrinks"), 2);
    await writeFile(path.join(project, "new"), "another file");
    await rename(path.join(project, "new"), path.join(project, "replaced"));
    await rm(path.join(project, "becomes-fifo"));
    await run(project, "mkfifo", "becomes-fifo");
    await rm(path.join(project, "dir"), { recursive: true });
    await writeFile(path.join(project, "dir"), "now a file");
    await utimes(path.join(project, "touched"), new Date(1e12), new Date(1e12));
  });
  expect(paths).toEqual(["dir", "grows", "replaced", "shrinks", "touched", "unchanged", "z-other-name"]);
  expect(skipped.map((one) => one.path)).toEqual(["becomes-fifo", "dir/in", "gone"]);
  const workspace = await unpackTar(tarPath);
  const contentOf = (name: string) => readFile(path.join(workspace, name), "utf8");
  expect(await contentOf("grows")).toBe("as listedmore");
  expect(await contentOf("shrinks")).toBe("as");
  expect(await contentOf("replaced")).toBe("another file");
  expect(await contentOf("z-other-name")).toBe("as listed");
  expect((await stat(path.join(workspace, "touched"))).mtimeMs).toBe(1e12);
});

test("a file that grows beyond what the tar may hold is cut to what was listed", async () => {
  const fixture = await makeSeedFixture();
  const file = path.join(fixture.project, "log");
  await writeFile(file, "as listed");
  const { tarPath } = await freezeChanging(fixture, () => appendFile(file, Buffer.alloc(2_000_000)));
  expect(await readFile(path.join(await unpackTar(tarPath), "log"), "utf8")).toBe("as listed");
});
