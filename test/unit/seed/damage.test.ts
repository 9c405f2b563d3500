import { appendFile, copyFile, readFile, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { SeedStore } from "../../../src/seed/seed-store.js";
import { failureOf } from "../../helpers/failure-of.js";
import { makeSeedFixture, type SeedFixture } from "./seed-fixture.js";

async function freezeOne(fixture: SeedFixture) {
  await writeFile(path.join(fixture.project, "file"), "content");
  const { seed } = await fixture.freeze();
  return { seed, seedDir: path.dirname(seed.tarPath) };
}

test.each<[string, (seedDir: string) => Promise<unknown>]>([
  ["whose tar was cut off", (seedDir) => truncate(path.join(seedDir, "upper.tar"), 1024)],
  ["whose tar was changed", (seedDir) => flip(path.join(seedDir, "upper.tar"))],
  ["whose tar is gone", (seedDir) => rm(path.join(seedDir, "upper.tar"))],
  ["whose manifest was changed", (seedDir) => flip(path.join(seedDir, "manifest"))],
  ["whose manifest is gone", (seedDir) => rm(path.join(seedDir, "manifest"))],
  ["whose record is no JSON", (seedDir) => appendFile(path.join(seedDir, "seed.json"), "}")],
  ["whose record is gone", (seedDir) => rm(path.join(seedDir, "seed.json"))],
  ["that is gone", (seedDir) => rm(seedDir, { recursive: true })],
])("a seed %s is damaged, and made again by the next freeze", async (_, damage) => {
  const fixture = await makeSeedFixture();
  const { seed, seedDir } = await freezeOne(fixture);
  await damage(seedDir);
  const later = new SeedStore({ stateDir: fixture.stateDir });
  const failure = await failureOf(later.open(seed.digest));
  expect(failure.code).toBe("layer_damaged");
  expect(failure.details).toEqual({ digest: seed.digest });
  const again = await fixture.freeze();
  expect(again.seed.digest).toBe(seed.digest);
  expect(await later.open(seed.digest)).toEqual(again.seed);
  expect(await fixture.stored()).toEqual([seed.digest]);
});

test("damage is noticed by a store that has the seed open, too", async () => {
  const fixture = await makeSeedFixture();
  const { seed, seedDir } = await freezeOne(fixture);
  await fixture.store.open(seed.digest);
  await truncate(path.join(seedDir, "upper.tar"), 0);
  expect(await failureOf(fixture.store.open(seed.digest))).toMatchObject({ code: "layer_damaged" });
});

test("a seed that was copied with the state is sound, although its times are others", async () => {
  const fixture = await makeSeedFixture();
  const { seed } = await freezeOne(fixture);
  await copyFile(seed.tarPath, `${seed.tarPath}.copy`);
  await rename(`${seed.tarPath}.copy`, seed.tarPath);
  expect(await new SeedStore({ stateDir: fixture.stateDir }).open(seed.digest)).toEqual(seed);
});

test("a digest that was never frozen is told as damage", async () => {
  const { store } = await makeSeedFixture();
  expect(await failureOf(store.open("0".repeat(64)))).toMatchObject({ code: "layer_damaged" });
});

test("what is remembered of sources can be lost or damaged: they are read again", async () => {
  const fixture = await makeSeedFixture();
  const { seed } = await freezeOne(fixture);
  const fingerprints = path.join(fixture.stateDir, "seeds", "fingerprints");
  await rm(fingerprints, { recursive: true });
  await writeFile(fingerprints, "no directory");
  await expect(fixture.freeze()).rejects.toThrow();
  await rm(fingerprints);
  expect(await fixture.freeze()).toMatchObject({ reused: true, seed: { digest: seed.digest } });
});

/** Changes one byte, and not the size. */
async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
  await utimes(file, new Date(0), new Date(0));
}
