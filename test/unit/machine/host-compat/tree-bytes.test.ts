import { mkdir, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { readTreeBytes } from "../../../../src/machine/host-compat/tree-bytes.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const MIB = 1024 * 1024;

test("a tree costs what its files take on the disk, holes not counted", async () => {
  const directory = await makeTempDirectory();
  const before = await readTreeBytes(directory);
  await mkdir(path.join(directory, "deeper"));
  await writeFile(path.join(directory, "deeper", "file"), Buffer.alloc(3 * MIB, 1));
  await writeFile(path.join(directory, "sparse"), "");
  await truncate(path.join(directory, "sparse"), 1024 * MIB);
  const grownBytes = (await readTreeBytes(directory)) - before;
  expect(grownBytes).toBeGreaterThanOrEqual(3 * MIB);
  expect(grownBytes).toBeLessThan(4 * MIB);
});

test("a tree that is gone costs nothing", async () => {
  expect(await readTreeBytes(path.join(await makeTempDirectory(), "gone"))).toBe(0);
});
