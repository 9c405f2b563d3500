import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { SeedStore } from "../../../src/seed/seed-store.js";
import { makeSeedFixture, type SeedFixture } from "./seed-fixture.js";

/** Seeds of several sources, the last used first, in a store that has handed out none of them. */
async function makeStoreOf(
  count: number,
): Promise<{ fixture: SeedFixture; store: SeedStore; digests: string[] }> {
  const fixture = await makeSeedFixture();
  const digests: string[] = [];
  for (let index = 0; index < count; index++) {
    await writeFile(path.join(fixture.project, "file"), String(index));
    const { seed } = await fixture.freeze();
    const used = new Date(Date.now() - index * 60_000);
    await utimes(path.dirname(seed.tarPath), used, used);
    digests.push(seed.digest);
  }
  return { fixture, store: new SeedStore({ stateDir: fixture.stateDir }), digests };
}

test("seeds that are not needed are removed, but for those that were used last", async () => {
  const { fixture, store, digests } = await makeStoreOf(7);
  const freedBytes = await store.collect(new Set());
  expect(await fixture.stored()).toEqual(digests.slice(0, 4).sort());
  expect(freedBytes).toBeGreaterThan(3 * 4096);
  expect(await store.collect(new Set())).toBe(0);
});

test("what is needed stays, however old it is", async () => {
  const { fixture, store, digests } = await makeStoreOf(7);
  const [last = ""] = digests.slice(-1);
  await store.collect(new Set([last]));
  expect(await fixture.stored()).toEqual([...digests.slice(0, 4), last].sort());
});

test("what was just handed out stays: nobody may have written down yet that it is needed", async () => {
  const { fixture, digests } = await makeStoreOf(7);
  await fixture.store.collect(new Set());
  expect(await fixture.stored()).toEqual([...digests].sort());
});

test("unfinished seeds go, but not those that are being made", async () => {
  const fixture = await makeSeedFixture();
  const seedsDir = path.join(fixture.stateDir, "seeds");
  for (const name of [".partial-0123456789ab", ".removing-0123456789ab"]) {
    await mkdir(path.join(seedsDir, name), { recursive: true });
    await writeFile(path.join(seedsDir, name, "upper.tar"), Buffer.alloc(100_000, 1));
  }
  const meanwhile: string[][] = [];
  const { store } = await makeSeedFixture({
    stateDir: fixture.stateDir,
    freezer: async () => {
      await store.collect(new Set());
      meanwhile.push(await fixture.stored());
      return Promise.reject(new Error("enough"));
    },
  });
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
  await expect(store.freeze({ path: fixture.project }, hooks)).rejects.toThrow("enough");
  expect(meanwhile).toEqual([[expect.stringMatching(/^\.partial-[0-9a-f]{12}$/)]]);
  expect(await fixture.stored()).toEqual([]);
});

test("what is not a seed in the store is left alone", async () => {
  const { fixture, store } = await makeStoreOf(1);
  await mkdir(path.join(fixture.stateDir, "seeds", "notes"));
  await store.collect(new Set());
  expect(await fixture.stored()).toContain("notes");
});

test("a store without seeds has nothing to collect", async () => {
  const { stateDir, store } = await makeSeedFixture();
  expect(await store.collect(new Set())).toBe(0);
  expect(await store.list()).toEqual([]);
  expect(await readdir(stateDir)).toEqual([]);
});
