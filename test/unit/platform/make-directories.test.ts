import { stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { makeDirectories } from "../../../src/platform/make-directories.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

test("a directory is made with the parents it lacks, and making it again is no error", async () => {
  const directory = path.join(await makeTempDirectory(), "a", "b", "c");
  await Promise.all([makeDirectories(directory, 0o700), makeDirectories(directory, 0o700)]);
  await makeDirectories(directory, 0o755);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(path.dirname(directory))).mode & 0o777).toBe(0o700);
});

test("a place where nothing can be made is an error at once: Node's own mkdir hangs there", async () => {
  await expect(makeDirectories("/proc/pyro/cache", 0o700)).rejects.toThrow("ENOENT");
});

test("a file on the way is an error", async () => {
  const file = path.join(await makeTempDirectory(), "file");
  await writeFile(file, "");
  await expect(makeDirectories(path.join(file, "cache"), 0o700)).rejects.toThrow("ENOTDIR");
});
